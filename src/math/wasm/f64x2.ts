import { float64Bytes, memoryArgument, simd, unsigned, Value } from './code.ts';
import { F32x4 } from './f32x4.ts';
import { F64, I32 } from './scalars.ts';

/** Two 64-bit floats side by side. Comparisons give a mask: all bits of a lane, or none. */
export class F64x2 extends Value {
  readonly type = 'v128';

  /** The same number in both lanes. */
  static splat(value: F64 | number): F64x2 {
    if (typeof value !== 'number') return new F64x2([value.code, simd(0x14)]);
    return new F64x2([simd(0x0c), float64Bytes(value), float64Bytes(value)]);
  }

  /** Two floats in a row. */
  static load(address: I32, offset = 0): F64x2 {
    return new F64x2([address.code, simd(0x00), memoryArgument(4, offset)]);
  }

  /** Two 32-bit floats in a row. */
  static loadFloats(address: I32, offset = 0): F64x2 {
    return new F64x2([address.code, simd(0x5d), memoryArgument(3, offset), simd(0x5f)]);
  }

  /** Where the mask is set the lanes of `a`, elsewhere those of `b`. */
  static select(mask: F64x2, a: F64x2, b: F64x2): F64x2 {
    return new F64x2([a.code, b.code, mask.code, simd(0x52)]);
  }

  add(other: F64x2 | number): F64x2 {
    return this.#with(other, 0xf0);
  }

  sub(other: F64x2 | number): F64x2 {
    return this.#with(other, 0xf1);
  }

  mul(other: F64x2 | number): F64x2 {
    return this.#with(other, 0xf2);
  }

  div(other: F64x2 | number): F64x2 {
    return this.#with(other, 0xf3);
  }

  /** The smaller; where this one is NaN, NaN. */
  min(other: F64x2 | number): F64x2 {
    return this.#with(other, 0xf6);
  }

  /** The larger; where this one is NaN, NaN. */
  max(other: F64x2 | number): F64x2 {
    return this.#with(other, 0xf7);
  }

  sqrt(): F64x2 {
    return new F64x2([this.code, simd(0xef)]);
  }

  abs(): F64x2 {
    return new F64x2([this.code, simd(0xec)]);
  }

  isLess(other: F64x2 | number): F64x2 {
    return this.#with(other, 0x49);
  }

  isAtMost(other: F64x2 | number): F64x2 {
    return this.#with(other, 0x4b);
  }

  equals(other: F64x2 | number): F64x2 {
    return this.#with(other, 0x47);
  }

  and(other: F64x2): F64x2 {
    return this.#with(other, 0x4e);
  }

  or(other: F64x2): F64x2 {
    return this.#with(other, 0x50);
  }

  /** 1 if no lane is zero in all its bits. */
  areAll(): I32 {
    return new I32([this.code, simd(0xc3)]);
  }

  /** 1 if any bit is set. */
  isAny(): I32 {
    return new I32([this.code, simd(0x53)]);
  }

  lane(index: number): F64 {
    return new F64([this.code, simd(0x21), unsigned(index)]);
  }

  /** Both lanes as 32-bit floats, in the lower half; the upper half is zero. */
  toF32x4(): F32x4 {
    return new F32x4([this.code, simd(0x5e)]);
  }

  #with(other: F64x2 | number, instruction: number): F64x2 {
    const right = typeof other === 'number' ? F64x2.splat(other) : other;
    return new F64x2([this.code, right.code, simd(instruction)]);
  }
}
