import { memoryArgument, simd, unsigned, Value } from './code.ts';
import { I32 } from './scalars.ts';

/** Sixteen bytes side by side. Comparisons give a mask: all bits of a byte, or none. */
export class U8x16 extends Value {
  readonly type = 'v128';

  /** The same byte sixteen times: of a number its lowest eight bits. */
  static splat(value: I32 | number): U8x16 {
    const code = typeof value === 'number' ? I32.of(value).code : value.code;
    return new U8x16([code, simd(0x0f)]);
  }

  /** Sixteen constants. */
  static of(bytes: readonly number[]): U8x16 {
    return new U8x16([simd(0x0c), bytes]);
  }

  /** Sixteen bytes in a row. */
  static load(address: I32, offset = 0): U8x16 {
    return new U8x16([address.code, simd(0x00), memoryArgument(0, offset)]);
  }

  /** Sums without what goes beyond a byte. */
  add(other: U8x16): U8x16 {
    return this.#with(other, 0x6e);
  }

  sub(other: U8x16): U8x16 {
    return this.#with(other, 0x71);
  }

  or(other: U8x16): U8x16 {
    return this.#with(other, 0x50);
  }

  equals(other: U8x16): U8x16 {
    return this.#with(other, 0x23);
  }

  isBelow(other: U8x16): U8x16 {
    return this.#with(other, 0x26);
  }

  /** Compares as signed: bytes from 128 on are negative. */
  isAtLeastSigned(other: U8x16): U8x16 {
    return this.#with(other, 0x2b);
  }

  /** The bytes at sixteen places of this one; 0 where there is no such place. */
  pick(places: U8x16): U8x16 {
    return this.#with(places, 0x0e);
  }

  /** One bit a byte, the lowest that of the first: its highest. */
  bytesSet(): I32 {
    return new I32([this.code, simd(0x64)]);
  }

  #with(other: U8x16, instruction: number): U8x16 {
    return new U8x16([this.code, other.code, simd(instruction)]);
  }
}

/** Eight 16-bit integers side by side, signed. */
export class I16x8 extends Value {
  readonly type = 'v128';

  /** Eight constants. */
  static of(values: readonly number[]): I16x8 {
    return new I16x8([simd(0x0c), values.flatMap((value) => [value & 0xff, (value >> 8) & 0xff])]);
  }

  /** The lower eight bytes, each as a number. */
  static ofLower(bytes: U8x16): I16x8 {
    return new I16x8([bytes.code, simd(0x89)]);
  }

  /** The upper eight bytes. */
  static ofUpper(bytes: U8x16): I16x8 {
    return new I16x8([bytes.code, simd(0x8a)]);
  }

  /** The numbers of two vectors; what does not fit stays at the nearest that does. */
  static narrow(lower: I32x4, upper: I32x4): I16x8 {
    return new I16x8([lower.code, upper.code, simd(0x85)]);
  }

  /** Multiplies number by number, and adds each two neighbours. */
  dot(other: I16x8): I32x4 {
    return new I32x4([this.code, other.code, simd(0xba)]);
  }
}

/** Four 32-bit integers side by side. */
export class I32x4 extends Value {
  readonly type = 'v128';

  lane(index: number): I32 {
    return new I32([this.code, simd(0x1b), unsigned(index)]);
  }
}
