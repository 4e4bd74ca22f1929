import { float32Bytes, memoryArgument, simd, unsigned, Value } from './code.ts';
import { F32, I32 } from './scalars.ts';

/** Four 32-bit floats side by side. Comparisons give a mask: all bits of a lane, or none. */
export class F32x4 extends Value {
  readonly type = 'v128';

  /** The same number in all four lanes. */
  static splat(value: F32 | number): F32x4 {
    if (typeof value !== 'number') return new F32x4([value.code, simd(0x13)]);
    const bytes = float32Bytes(value);
    return new F32x4([simd(0x0c), bytes, bytes, bytes, bytes]);
  }

  /** Four constants. */
  static of(a: number, b: number, c: number, d: number): F32x4 {
    return new F32x4([simd(0x0c), [a, b, c, d].map(float32Bytes)]);
  }

  /** Four floats in a row. */
  static load(address: I32, offset = 0): F32x4 {
    return new F32x4([address.code, simd(0x00), memoryArgument(4, offset)]);
  }

  /** One float from memory in all four lanes. */
  static loadSplat(address: I32, offset = 0): F32x4 {
    return new F32x4([address.code, simd(0x09), memoryArgument(2, offset)]);
  }

  /** Four lanes picked from two vectors: 0 to 3 are of `a`, 4 to 7 of `b`. */
  static shuffle(a: F32x4, b: F32x4, lanes: readonly [number, number, number, number]): F32x4 {
    const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
    return new F32x4([a.code, b.code, simd(0x0d), bytes]);
  }

  /** Where the mask is set the lanes of `a`, elsewhere those of `b`. */
  static select(mask: F32x4, a: F32x4, b: F32x4): F32x4 {
    return new F32x4([a.code, b.code, mask.code, simd(0x52)]);
  }

  add(other: F32x4 | number): F32x4 {
    return this.#with(other, 0xe4);
  }

  sub(other: F32x4 | number): F32x4 {
    return this.#with(other, 0xe5);
  }

  mul(other: F32x4 | number): F32x4 {
    return this.#with(other, 0xe6);
  }

  div(other: F32x4 | number): F32x4 {
    return this.#with(other, 0xe7);
  }

  /** The smaller; where this one is NaN, NaN. One instruction, unlike IEEE's minimum. */
  min(other: F32x4 | number): F32x4 {
    return this.#with(other, 0xea);
  }

  /** The larger; where this one is NaN, NaN. One instruction, unlike IEEE's maximum. */
  max(other: F32x4 | number): F32x4 {
    return this.#with(other, 0xeb);
  }

  sqrt(): F32x4 {
    return new F32x4([this.code, simd(0xe3)]);
  }

  abs(): F32x4 {
    return new F32x4([this.code, simd(0xe0)]);
  }

  neg(): F32x4 {
    return new F32x4([this.code, simd(0xe1)]);
  }

  isEqual(other: F32x4 | number): F32x4 {
    return this.#with(other, 0x41);
  }

  isLess(other: F32x4 | number): F32x4 {
    return this.#with(other, 0x43);
  }

  isGreater(other: F32x4 | number): F32x4 {
    return this.#with(other, 0x44);
  }

  and(other: F32x4): F32x4 {
    return this.#with(other, 0x4e);
  }

  or(other: F32x4): F32x4 {
    return this.#with(other, 0x50);
  }

  /** The bits of this one that the mask has not. */
  andNot(mask: F32x4): F32x4 {
    return this.#with(mask, 0x4f);
  }

  xor(other: F32x4): F32x4 {
    return this.#with(other, 0x51);
  }

  /** Adds the lanes as 32-bit integers, bit pattern to bit pattern. */
  addAsIntegers(other: F32x4 | I32): F32x4 {
    const right = other instanceof F32x4 ? other.code : [other.code, simd(0x11)];
    return new F32x4([this.code, right, simd(0xae)]);
  }

  /** Subtracts the lanes as 32-bit integers. */
  subAsIntegers(other: F32x4 | I32): F32x4 {
    const right = other instanceof F32x4 ? other.code : [other.code, simd(0x11)];
    return new F32x4([this.code, right, simd(0xb1)]);
  }

  /** Shifts the bits of each lane to the left. */
  shiftLeft(bits: number): F32x4 {
    return new F32x4([this.code, I32.of(bits).code, simd(0xab)]);
  }

  /** Shifts the bits of each lane to the right; the sign moves in. */
  shiftRight(bits: number): F32x4 {
    return new F32x4([this.code, I32.of(bits).code, simd(0xac)]);
  }

  /** Reads the lanes as signed integers and turns them into floats. */
  integersToFloats(): F32x4 {
    return new F32x4([this.code, simd(0xfa)]);
  }

  /** 1 if any bit is set. */
  isAny(): I32 {
    return new I32([this.code, simd(0x53)]);
  }

  /** One bit a lane, the lowest that of the first: whether the mask is set there. */
  lanesSet(): I32 {
    return new I32([this.code, simd(0xa4)]);
  }

  lane(index: number): F32 {
    return new F32([this.code, simd(0x1f), unsigned(index)]);
  }

  /** This vector with one lane replaced. */
  withLane(index: number, value: F32): F32x4 {
    return new F32x4([this.code, value.code, simd(0x20), unsigned(index)]);
  }

  #with(other: F32x4 | number, instruction: number): F32x4 {
    const right = typeof other === 'number' ? F32x4.splat(other) : other;
    return new F32x4([this.code, right.code, simd(instruction)]);
  }
}
