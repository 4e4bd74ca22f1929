/**
 * WebAssembly code as nested lists of bytes: parts are put together by placing one in another. A
 * statement is flattened as soon as it is complete.
 */
export type Code = number | Uint8Array | readonly Code[];

/** The types of WebAssembly that the emitter knows. */
export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

/** The byte that stands for each type in the binary format. */
export const typeByte: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/**
 * The code that computes a value. Using it twice computes it twice: keep what is needed again in
 * a local (`FunctionBuilder.keep`).
 */
export abstract class Value {
  abstract readonly type: ValueType;
  readonly code: Code;
  /** The local that the value lies in, if it is one. Only such a value can be set. */
  readonly local?: number;

  constructor(code: Code, local?: number) {
    this.code = code;
    if (local !== undefined) this.local = local;
  }
}

// What is emitted is emitted by code that runs for the first time, mostly in V8's interpreter: calls
// count there, and so do closures. Hence the small numbers are made once.
const small = Array.from({ length: 128 }, (_, value) => [value]);

/** LEB128 of an unsigned integer. */
export const unsigned = (value: number): readonly number[] =>
  value < small.length ? small[value]! : longUnsigned(value);

const longUnsigned = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value >>> 0;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
};

/** LEB128 of a signed 32-bit integer. */
export const signed = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && byte < 0x40) || (rest === -1 && byte >= 0x40);
    bytes.push(isLast ? byte : byte | 0x80);
    if (isLast) return bytes;
  }
};

// One buffer for all: each of its own would cost more than all the rest of the emitter.
const scratch = new DataView(new ArrayBuffer(8));

const bytes = new Uint8Array(scratch.buffer);

/** The four bytes of a float32, little-endian. */
export const float32Bytes = (value: number): number[] => {
  scratch.setFloat32(0, value, true);
  return [bytes[0]!, bytes[1]!, bytes[2]!, bytes[3]!];
};

/** The eight bytes of a float64, little-endian. */
export const float64Bytes = (value: number): number[] => {
  scratch.setFloat64(0, value, true);
  return [...bytes];
};

const simdCodes = Array.from({ length: 256 }, (_, instruction) => [0xfd, ...unsigned(instruction)]);

/** An instruction of the SIMD group: the prefix byte, then its number. */
export const simd = (instruction: number): readonly number[] => simdCodes[instruction]!;

/** The two numbers after a load or a store: the alignment (as a power of two) and the offset. */
export const memoryArgument = (alignment: number, offset: number): Code => [
  alignment,
  unsigned(offset),
];

/** How many bytes nested code has. */
export const byteCount = (code: Code): number => {
  if (typeof code === 'number') return 1;
  if (code instanceof Uint8Array) return code.length;
  return code.reduce<number>((sum, part) => sum + byteCount(part), 0);
};

/** Bytes in a row, to which more can be added. */
export class ByteList {
  readonly #bytes: number[] = [];

  append(code: Code): void {
    if (typeof code === 'number') this.#bytes.push(code);
    else flatten(code, this.#bytes);
  }

  /** A copy of what has been added. */
  bytes(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }
}

/** One call for each list, not for each byte. */
const flatten = (code: Uint8Array | readonly Code[], to: number[]): void => {
  for (let index = 0; index < code.length; index++) {
    const part = code[index]!;
    if (typeof part === 'number') to.push(part);
    else flatten(part, to);
  }
};
