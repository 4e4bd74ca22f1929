import { allocate, type Block } from '../../math/wasm/arena.ts';
import { powersOfTen } from './decimal-code.ts';
import { type FieldProgram, fieldBytes, fieldProgram, lookAhead, table } from './field-code.ts';
import { textOf } from './known-texts.ts';

/**
 * What is left of the bytes that came, and the fields of one row of them, in one block of WebAssembly
 * memory. Pieces are added at the end of the bytes; what is done with is left out.
 */
export class Cutter {
  bytes = new Uint8Array(0);
  /** How many of the bytes count; the one after them is 0, so that reading one too far is harmless. */
  length = 0;
  #byteRoom = 1 << 12;
  #fieldRoom = 64;
  #block: Block | undefined;
  #program!: FieldProgram;
  /** Where the table of the fields begins in the memory, and where the bytes do. */
  #tableAt = 0;
  #bytesAt = 0;
  #header = new Int32Array(2);
  /** Of each field where it begins and where it ends, then two numbers that are not used. */
  #places = new Int32Array(0);
  /** Of each field a number that is not used, then what it is as a number. */
  #numbers = new Float64Array(0);

  constructor() {
    this.#makeRoom();
  }

  /** Leaves out what lies before `from`, and adds a copy of more. */
  advance(from: number, more: Uint8Array): void {
    if (from > 0) this.bytes.copyWithin(0, from, this.length);
    const rest = this.length - from;
    this.length = rest + more.length;
    if (this.length > this.#byteRoom) {
      while (this.length > this.#byteRoom) this.#byteRoom *= 2;
      this.#makeRoom();
    }
    this.bytes.set(more, rest);
    this.bytes[this.length] = 0;
  }

  /** Where a byte comes next, from `from` on; −1: not among those that count. */
  indexOf(byte: number, from: number): number {
    const at = this.bytes.indexOf(byte, from);
    return at < this.length ? at : -1;
  }

  /** The text between two places. What is no UTF-8 becomes U+FFFD. */
  text(from: number, to: number): string {
    return textOf(this.bytes, from, to);
  }

  /** How many fields there are. */
  get fieldCount(): number {
    return this.#header[0]!;
  }

  /** Forgets the fields. */
  clear(): void {
    this.#header[0] = 0;
  }

  /** Adds the plain fields that begin at `from`. Returns one of `stops`. */
  cut(from: number, delimiter: number): number {
    this.#makeRoomForOne();
    const [start, bytes] = [this.#tableAt, this.#bytesAt];
    // The bytes lie behind the table.
    return this.#program.cut(start, bytes, bytes, bytes + from, bytes + this.length, delimiter);
  }

  /** Where the latest `cut` stopped. */
  get stop(): number {
    return this.#header[1]!;
  }

  /** Adds a field. Its number is NaN where it is no plain decimal. */
  add(from: number, to: number, number: number): void {
    this.#makeRoomForOne();
    const index = this.fieldCount;
    this.#places[4 * index] = from;
    this.#places[4 * index + 1] = to;
    this.#numbers[2 * index + 1] = number;
    this.#header[0] = index + 1;
  }

  /** Where a field begins. */
  startOf(index: number): number {
    return this.#places[4 * index]!;
  }

  /** Where a field ends. */
  endOf(index: number): number {
    return this.#places[4 * index + 1]!;
  }

  /** A field that is a plain decimal; NaN for the others. */
  numberOf(index: number): number {
    return this.#numbers[2 * index + 1]!;
  }

  #makeRoomForOne(): void {
    if (this.fieldCount < this.#fieldRoom) return;
    this.#fieldRoom *= 2;
    this.#makeRoom();
  }

  /** Everything into a block of the size that is wanted now. */
  #makeRoom(): void {
    const [header, places, { bytes }] = [this.#header, this.#places, this];
    const fieldsLength = fieldBytes * this.#fieldRoom;
    const tableLength = table.fields + fieldsLength;
    const block = allocate(tableLength + this.#byteRoom + lookAhead, this);
    const { address, buffer } = block;
    this.#program = fieldProgram(block);
    this.#tableAt = address;
    this.#bytesAt = address + tableLength;
    this.#header = new Int32Array(buffer, address, 2);
    this.#places = new Int32Array(buffer, address + table.fields, fieldsLength / 4);
    this.#numbers = new Float64Array(buffer, address + table.fields, fieldsLength / 8);
    this.bytes = new Uint8Array(buffer, this.#bytesAt, this.#byteRoom + lookAhead);
    this.#header.set(header);
    this.#places.set(places);
    this.bytes.set(bytes);
    new Float64Array(buffer, address + table.powers, powersOfTen.length).set(powersOfTen);
    this.#block?.free();
    this.#block = block;
  }
}
