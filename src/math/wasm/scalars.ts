import { type Code, float32Bytes, float64Bytes, memoryArgument, signed, Value } from './code.ts';

/** A 32-bit integer: a count or an address. */
export class I32 extends Value {
  readonly type = 'i32';

  static of(value: number): I32 {
    return new I32([0x41, signed(value)]);
  }

  static load(address: I32, offset = 0): I32 {
    return new I32([address.code, 0x28, memoryArgument(2, offset)]);
  }

  /** One byte, as a number from 0 to 255. */
  static loadByte(address: I32, offset = 0): I32 {
    return new I32([address.code, 0x2d, memoryArgument(0, offset)]);
  }

  add(other: I32 | number): I32 {
    return other === 0 ? this : this.#with(other, 0x6a);
  }

  sub(other: I32 | number): I32 {
    return this.#with(other, 0x6b);
  }

  mul(other: I32 | number): I32 {
    return this.#with(other, 0x6c);
  }

  and(other: I32 | number): I32 {
    return this.#with(other, 0x71);
  }

  or(other: I32 | number): I32 {
    return this.#with(other, 0x72);
  }

  xor(other: I32 | number): I32 {
    return this.#with(other, 0x73);
  }

  shiftLeft(bits: I32 | number): I32 {
    return this.#with(bits, 0x74);
  }

  shiftRight(bits: number): I32 {
    return this.#with(bits, 0x75);
  }

  /** How many bits are 0 below the lowest one that is not. */
  trailingZeros(): I32 {
    return new I32([this.code, 0x68]);
  }

  equals(other: I32 | number): I32 {
    return this.#with(other, 0x46);
  }

  notEquals(other: I32 | number): I32 {
    return this.#with(other, 0x47);
  }

  /** 1 if this is 0, otherwise 0. */
  isZero(): I32 {
    return new I32([this.code, 0x45]);
  }

  /** Compares as unsigned, as addresses are. */
  isBelow(other: I32 | number): I32 {
    return this.#with(other, 0x49);
  }

  toF32(): F32 {
    return new F32([this.code, 0xb2]);
  }

  toF64(): F64 {
    return new F64([this.code, 0xb7]);
  }

  /** The float whose bits these are. */
  asF32(): F32 {
    return new F32([this.code, 0xbe]);
  }

  #with(other: I32 | number, instruction: number): I32 {
    const right = typeof other === 'number' ? I32.of(other) : other;
    return new I32([this.code, right.code, instruction]);
  }
}

/** A 32-bit float. */
export class F32 extends Value {
  readonly type = 'f32';

  static of(value: number): F32 {
    return new F32([0x43, float32Bytes(value)]);
  }

  static load(address: I32, offset = 0): F32 {
    return new F32([address.code, 0x2a, memoryArgument(2, offset)]);
  }

  add(other: F32 | number): F32 {
    return new F32(this.#with(other, 0x92));
  }

  sub(other: F32 | number): F32 {
    return new F32(this.#with(other, 0x93));
  }

  mul(other: F32 | number): F32 {
    return new F32(this.#with(other, 0x94));
  }

  div(other: F32 | number): F32 {
    return new F32(this.#with(other, 0x95));
  }

  sqrt(): F32 {
    return new F32([this.code, 0x91]);
  }

  neg(): F32 {
    return new F32([this.code, 0x8c]);
  }

  equals(other: F32 | number): I32 {
    return new I32(this.#with(other, 0x5b));
  }

  isLess(other: F32 | number): I32 {
    return new I32(this.#with(other, 0x5d));
  }

  toF64(): F64 {
    return new F64([this.code, 0xbb]);
  }

  /** The bits as an integer. */
  asI32(): I32 {
    return new I32([this.code, 0xbc]);
  }

  #with(other: F32 | number, instruction: number): Code {
    const right = typeof other === 'number' ? F32.of(other) : other;
    return [this.code, right.code, instruction];
  }
}

/** A 64-bit float, for what must not stop moving when many samples have been seen. */
export class F64 extends Value {
  readonly type = 'f64';

  static of(value: number): F64 {
    return new F64([0x44, float64Bytes(value)]);
  }

  /** `a` where the condition is not 0, otherwise `b`. Both are computed. */
  static select(condition: I32, a: F64, b: F64): F64 {
    return new F64([a.code, b.code, condition.code, 0x1b]);
  }

  static load(address: I32, offset = 0): F64 {
    return new F64([address.code, 0x2b, memoryArgument(3, offset)]);
  }

  add(other: F64 | number): F64 {
    return new F64(this.#with(other, 0xa0));
  }

  sub(other: F64 | number): F64 {
    return new F64(this.#with(other, 0xa1));
  }

  mul(other: F64 | number): F64 {
    return new F64(this.#with(other, 0xa2));
  }

  div(other: F64 | number): F64 {
    return new F64(this.#with(other, 0xa3));
  }

  sqrt(): F64 {
    return new F64([this.code, 0x9f]);
  }

  /** NaN if either is NaN. */
  max(other: F64 | number): F64 {
    return new F64(this.#with(other, 0xa5));
  }

  equals(other: F64 | number): I32 {
    return new I32(this.#with(other, 0x61));
  }

  toF32(): F32 {
    return new F32([this.code, 0xb6]);
  }

  #with(other: F64 | number, instruction: number): Code {
    const right = typeof other === 'number' ? F64.of(other) : other;
    return [this.code, right.code, instruction];
  }
}
