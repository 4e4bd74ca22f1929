import { DecimalReader } from '../../sources/decimal-reader.ts';
import { CodedText } from './coded-text.ts';
import { fieldValue } from './field-value.ts';

const quote = 34;
const newline = 10;
const carriageReturn = 13;

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
  #coded = new CodedText();
  /** Where each field begins and ends, its quotes left out. */
  readonly #bounds: number[] = [];
  /** Each field that is a plain decimal; NaN for the others. */
  readonly #numbers: number[] = [];
  readonly #decimal = new DecimalReader();

  /** All fields as they are written. */
  fields(): string[] {
    return Array.from({ length: this.fieldCount }, (_, index) => this.field(index));
  }

  /** A field as it is written. */
  field(index: number): string {
    const from = this.#bounds[2 * index]!;
    const field = this.#coded.text.slice(from, this.#bounds[2 * index + 1]!);
    return this.#isFieldQuoted(index) ? field.replaceAll('""', '"') : field;
  }

  /** A field as a number where it reads as one, null where it is empty, else its text. */
  value(index: number): number | string | null {
    const number = this.#numbers[index]!;
    return Number.isNaN(number) ? fieldValue(this.field(index)) : number;
  }

  /** Whether it is a line with nothing on it. */
  get isEmpty(): boolean {
    const [from, to] = this.#bounds;
    return this.fieldCount === 1 && from === to && !this.#isFieldQuoted(0);
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
  cut(coded: CodedText, start: number, delimiter: number): number {
    const { text, codes } = coded;
    this.#coded = coded;
    this.fieldCount = 0;
    this.error = undefined;
    this.isQuoted = false;
    for (let at = start; ; at += 1) {
      at = codes[at] === quote ? this.#cutQuoted(at) : this.#cutPlain(at, delimiter);
      if (at < 0) return -1;
      const after = codes[at];
      if (after === newline) return at + 1;
      if (after === delimiter) continue;
      this.fail(`text after the closing quote of field ${this.fieldCount}`);
      return text.indexOf('\n', at) + 1 || -1;
    }
  }

  /** A quote inside a field that does not begin with one is a character like others. */
  #cutPlain(from: number, delimiter: number): number {
    const { codes, text } = this.#coded;
    const { length } = text;
    const decimal = this.#decimal;
    const afterNumber = decimal.read(codes, from);
    for (let at = afterNumber; at < length; at += 1) {
      const code = codes[at];
      if (code !== delimiter && code !== newline) continue;
      const isBehindReturn = code === newline && at > from && codes[at - 1] === carriageReturn;
      const to = isBehindReturn ? at - 1 : at;
      this.#add(from, to, to === afterNumber ? decimal.value : Number.NaN);
      return at;
    }
    return -1;
  }

  #cutQuoted(from: number): number {
    const { codes, text } = this.#coded;
    this.isQuoted = true;
    const afterNumber = this.#decimal.read(codes, from + 1);
    for (let at = from + 1; ; at += 2) {
      at = text.indexOf('"', at);
      if (at < 0 || at + 1 === text.length) return -1;
      const after = codes[at + 1];
      if (after === quote) continue;
      this.#add(from + 1, at, at === afterNumber ? this.#decimal.value : Number.NaN);
      const isReturn = after === carriageReturn && text[at + 2] === '\n';
      return isReturn ? at + 2 : at + 1;
    }
  }

  #isFieldQuoted(index: number): boolean {
    return this.#coded.codes[this.#bounds[2 * index]! - 1] === quote;
  }

  #add(from: number, to: number, number: number): void {
    this.#numbers[this.fieldCount] = number;
    this.#bounds[2 * this.fieldCount] = from;
    this.#bounds[2 * this.fieldCount + 1] = to;
    this.fieldCount += 1;
  }
}
