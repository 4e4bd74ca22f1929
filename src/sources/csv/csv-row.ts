import { backslash, carriageReturn, newline, quote } from '../ascii.ts';
import { DecimalReader } from '../decimal-reader.ts';
import type { Cutter } from './cutter.ts';
import { stops } from './field-code.ts';
import { KnownTexts } from './known-texts.ts';

/**
 * A number where a field reads as one; null where it is empty or `nan`, which means missing; else its
 * text without the spaces around it.
 */
export const fieldValue = (field: string): number | string | null => {
  const value = Number(field);
  // Blank text is 0 to Number().
  if (value === 0) return field.trim() === '' ? null : 0;
  if (!Number.isNaN(value)) return value;
  const text = field.trim();
  const named = namedValues.get(text.toLowerCase());
  return named === undefined ? text : named;
};

/** How other languages write a missing or an infinite number. An encoder refuses the latter. */
const namedValues: ReadonlyMap<string, number | null> = new Map([
  ['nan', null],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

/**
 * One row of a CSV text: where its fields lie. Only requested fields become text, because strings for
 * all fields cost more than everything else about a row.
 */
export class CsvRow {
  /** The line it begins on, counted from 1. */
  line = 0;
  /** Whether some field is quoted: only then it may go over several lines. */
  isQuoted = false;
  /** Why it is no row. */
  error: string | undefined;
  readonly #cutter: Cutter;
  /** Whether `\"` is a quote in each row, and in this one. */
  readonly #isFileEscaped: boolean;
  #isEscaped: boolean;
  readonly #decimal = new DecimalReader();
  readonly #texts = new KnownTexts();

  /** `isEscaped` says that `\"` is a quote in a quoted field. */
  constructor(cutter: Cutter, isEscaped = false) {
    this.#cutter = cutter;
    this.#isFileEscaped = isEscaped;
    this.#isEscaped = isEscaped;
  }

  /** How many fields it has. */
  get fieldCount(): number {
    return this.#cutter.fieldCount;
  }

  /** All fields as they are written. */
  fields(): string[] {
    return Array.from({ length: this.fieldCount }, (_, index) => this.field(index));
  }

  /** A field as it is written. */
  field(index: number): string {
    const cutter = this.#cutter;
    const field = this.#texts.read(cutter.bytes, cutter.startOf(index), cutter.endOf(index));
    if (!this.#isFieldQuoted(index)) return field;
    return this.#isEscaped
      ? field.replace(/\\(["\\])|""/g, (_, escaped = '"') => escaped)
      : field.replaceAll('""', '"');
  }

  /** A field as a number where it reads as one, null where it is empty, else its text. */
  value(index: number): number | string | null {
    const number = this.#cutter.numberOf(index);
    return Number.isNaN(number) ? fieldValue(this.field(index)) : number;
  }

  /** A field as it is written, without the spaces around it; null where it is empty. */
  written(index: number): string | null {
    return this.field(index).trim() || null;
  }

  /** Whether it is a line with nothing on it. */
  get isEmpty(): boolean {
    const cutter = this.#cutter;
    const isBlank = cutter.fieldCount === 1 && cutter.startOf(0) === cutter.endOf(0);
    return isBlank && !this.#isFieldQuoted(0);
  }

  /** Adds empty fields until it has so many. */
  fill(fieldCount: number): void {
    for (let count = this.fieldCount; count < fieldCount; count += 1) {
      this.#cutter.add(0, 0, Number.NaN);
    }
  }

  /** Makes it a row that is none. */
  fail(error: string): void {
    this.#cutter.clear();
    this.error = error;
  }

  /**
   * Makes it the row that begins at `start`. Returns where the next one begins; −1 where the end of
   * this one has not come yet.
   */
  cut(start: number, delimiter: number): number {
    this.#isEscaped = this.#isFileEscaped;
    return this.#cut(start, delimiter);
  }

  #cut(start: number, delimiter: number): number {
    const cutter = this.#cutter;
    cutter.clear();
    this.error = undefined;
    this.isQuoted = false;
    for (let at = start; at < cutter.length; ) {
      if (cutter.bytes[at] === quote) {
        const end = this.#cutQuoted(at);
        if (end < 0) return -1;
        const after = cutter.bytes[end];
        if (after === newline) return end + 1;
        if (after !== delimiter) {
          // RFC 4180 has no such row: a backslash before the quote can only be an escape.
          const isEscape = !this.#isEscaped && cutter.bytes[end - 2] === backslash;
          if (!isEscape) return this.#failAt(end);
          this.#isEscaped = true;
          return this.#cut(start, delimiter);
        }
        at = end + 1;
      } else {
        const stop = cutter.cut(at, delimiter);
        if (stop === stops.bytes) return -1;
        if (stop === stops.row) return cutter.stop + 1;
        at = cutter.stop;
      }
    }
    return -1;
  }

  #failAt(at: number): number {
    this.fail(`text after the closing quote of field ${this.fieldCount}`);
    return this.#cutter.indexOf(newline, at) + 1 || -1;
  }

  #cutQuoted(from: number): number {
    const cutter = this.#cutter;
    const { bytes, length } = cutter;
    this.isQuoted = true;
    const afterNumber = this.#decimal.read(bytes, from + 1);
    for (let at = from + 1; ; at += 2) {
      at = cutter.indexOf(quote, at);
      if (at < 0 || at + 1 === length) return -1;
      const after = bytes[at + 1];
      if (this.#isEscaped && isEscapedAt(bytes, from + 1, at)) {
        at -= 1;
        continue;
      }
      if (after === quote) continue;
      cutter.add(from + 1, at, at === afterNumber ? this.#decimal.value : Number.NaN);
      const isReturn = after === carriageReturn && bytes[at + 2] === newline;
      return isReturn ? at + 2 : at + 1;
    }
  }

  #isFieldQuoted(index: number): boolean {
    return this.#cutter.bytes[this.#cutter.startOf(index) - 1] === quote;
  }
}

/** Whether the byte at a position follows an odd number of backslashes. */
const isEscapedAt = (bytes: Uint8Array, from: number, at: number): boolean => {
  let first = at;
  while (first > from && bytes[first - 1] === backslash) first -= 1;
  return (at - first) % 2 === 1;
};
