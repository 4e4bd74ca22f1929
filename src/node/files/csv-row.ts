import { carriageReturn, newline, quote } from '../../sources/ascii.ts';
import { DecimalReader } from '../../sources/decimal-reader.ts';
import { ByteWindow } from './byte-window.ts';
import { fieldValue } from './field-value.ts';
import { KnownTexts } from './known-texts.ts';

/**
 * One row of a CSV text: where its fields lie. Text is made only of what is asked for, because
 * strings for all fields cost more than everything else about a row.
 */
export class CsvRow {
  /** The line it begins on, counted from 1. */
  line = 0;
  /** How many fields it has. */
  fieldCount = 0;
  /** Whether some field is quoted: only then it may go over several lines. */
  isQuoted = false;
  /** Why it is no row. */
  error: string | undefined;
  #window = new ByteWindow();
  /** Where each field begins and ends, its quotes left out. */
  #starts = new Int32Array(64);
  #ends = new Int32Array(64);
  /** Each field that is a plain decimal; NaN for the others. */
  #numbers = new Float64Array(64);
  readonly #decimal = new DecimalReader();
  readonly #texts = new KnownTexts();

  /** All fields as they are written. */
  fields(): string[] {
    return Array.from({ length: this.fieldCount }, (_, index) => this.field(index));
  }

  /** A field as it is written. */
  field(index: number): string {
    const { bytes } = this.#window;
    const field = this.#texts.read(bytes, this.#starts[index]!, this.#ends[index]!);
    return this.#isFieldQuoted(index) ? field.replaceAll('""', '"') : field;
  }

  /** A field as a number where it reads as one, null where it is empty, else its text. */
  value(index: number): number | string | null {
    const number = this.#numbers[index]!;
    return Number.isNaN(number) ? fieldValue(this.field(index)) : number;
  }

  /** Whether it is a line with nothing on it. */
  get isEmpty(): boolean {
    return this.fieldCount === 1 && this.#starts[0] === this.#ends[0] && !this.#isFieldQuoted(0);
  }

  /** Makes it a row that is none. */
  fail(error: string): void {
    this.fieldCount = 0;
    this.error = error;
  }

  /**
   * Makes it the row that begins at `start`. Returns where the next one begins; −1 where the end of
   * this one has not come yet.
   */
  cut(window: ByteWindow, start: number, delimiter: number): number {
    const { bytes } = window;
    this.#window = window;
    this.fieldCount = 0;
    this.error = undefined;
    this.isQuoted = false;
    for (let at = start; ; at += 1) {
      at = bytes[at] === quote ? this.#cutQuoted(at) : this.#cutPlain(at, delimiter);
      if (at < 0) return -1;
      const after = bytes[at];
      if (after === newline) return at + 1;
      if (after === delimiter) continue;
      this.fail(`text after the closing quote of field ${this.fieldCount}`);
      return window.indexOf(newline, at) + 1 || -1;
    }
  }

  /** A quote inside a field that does not begin with one is a character like others. */
  #cutPlain(from: number, delimiter: number): number {
    const { bytes, length } = this.#window;
    const decimal = this.#decimal;
    let at = decimal.read(bytes, from);
    let byte = bytes[at];
    if (byte === delimiter && at < length) {
      this.#add(from, at, decimal.value);
      return at;
    }
    const afterNumber = at;
    while (at < length && byte !== delimiter && byte !== newline) byte = bytes[++at];
    if (at >= length) return -1;
    const isBehindReturn = byte === newline && at > from && bytes[at - 1] === carriageReturn;
    const to = isBehindReturn ? at - 1 : at;
    this.#add(from, to, to === afterNumber ? decimal.value : Number.NaN);
    return at;
  }

  #cutQuoted(from: number): number {
    const window = this.#window;
    const { bytes, length } = window;
    this.isQuoted = true;
    const afterNumber = this.#decimal.read(bytes, from + 1);
    for (let at = from + 1; ; at += 2) {
      at = window.indexOf(quote, at);
      if (at < 0 || at + 1 === length) return -1;
      const after = bytes[at + 1];
      if (after === quote) continue;
      this.#add(from + 1, at, at === afterNumber ? this.#decimal.value : Number.NaN);
      const isReturn = after === carriageReturn && bytes[at + 2] === newline;
      return isReturn ? at + 2 : at + 1;
    }
  }

  #isFieldQuoted(index: number): boolean {
    return this.#window.bytes[this.#starts[index]! - 1] === quote;
  }

  #add(from: number, to: number, number: number): void {
    const index = this.fieldCount;
    if (index === this.#numbers.length) this.#makeRoom();
    this.#starts[index] = from;
    this.#ends[index] = to;
    this.#numbers[index] = number;
    this.fieldCount = index + 1;
  }

  #makeRoom(): void {
    const { length } = this.#numbers;
    const longer = <Values extends Int32Array | Float64Array>(room: Values, values: Values) => {
      room.set(values);
      return room;
    };
    this.#starts = longer(new Int32Array(2 * length), this.#starts);
    this.#ends = longer(new Int32Array(2 * length), this.#ends);
    this.#numbers = longer(new Float64Array(2 * length), this.#numbers);
  }
}
