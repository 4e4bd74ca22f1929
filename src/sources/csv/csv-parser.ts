import { newline } from '../ascii.ts';
import { CsvRow } from './csv-row.ts';
import { Cutter } from './cutter.ts';

/** The longest row, in bytes: an unclosed quote must not swallow a file. */
const rowLengthMax = 1 << 20;

/**
 * A row that is longer than this, and open, is looked at again when it has grown by a sixteenth: with each
 * piece of a few bytes the time would grow with the square of its length.
 */
const eagerLengthMax = 1 << 16;

const byteOrderMark = [0xef, 0xbb, 0xbf];

/** How a {@link CsvParser} reads a text. */
export interface CsvParserOptions {
  /** The number of its first line, for error messages. Default 1. */
  readonly firstLine?: number;
  /** Whether `\"` is a quote in a quoted field. Default false, as RFC 4180 has it. */
  readonly isEscaped?: boolean;
}

/**
 * Cuts a CSV text (RFC 4180, UTF-8) into rows as it arrives. Quoted fields may hold delimiters, quotes
 * (doubled) and line breaks; empty lines are left out, and a byte order mark; lines count from 1. Bytes
 * are pushed, then rows are pulled until there is none: rows cut in advance would outlive many garbage
 * collections.
 */
export class CsvParser {
  readonly #delimiter: number;
  readonly #cutter = new Cutter();
  readonly #row: CsvRow;
  /** Where the next row begins. */
  #at = 0;
  #line: number;
  #isEnded = false;
  /** Whether a line has ended since the open row was looked at; without one it is still open. */
  #hasLineEnd = false;
  /** How long the open row was when it was looked at; 0: it was not. */
  #openLength = 0;
  /** The rest of a line that was given up is still to come. */
  #isSkipping = false;

  /** Throws a RangeError where `delimiter` cannot be one: see {@link checkDelimiter}. */
  constructor(delimiter: string, { firstLine = 1, isEscaped = false }: CsvParserOptions = {}) {
    checkDelimiter(delimiter);
    this.#delimiter = delimiter.charCodeAt(0);
    this.#row = new CsvRow(this.#cutter, isEscaped);
    this.#line = firstLine;
  }

  /** Takes a copy of more bytes. */
  push(bytes: Uint8Array): void {
    this.#hasLineEnd ||= bytes.includes(newline);
    this.#cutter.advance(this.#at, bytes);
    this.#at = 0;
  }

  /** Takes the end of the text: what is open is closed. */
  end(): void {
    this.push(Uint8Array.of(newline));
    this.#isEnded = true;
  }

  /** The next row that is complete, to be used before the one after it takes its place. */
  next(): CsvRow | undefined {
    const row = this.#row;
    const cutter = this.#cutter;
    if (!this.#isSkipping && !this.#mayBeComplete) return undefined;
    if (this.#line === 1) this.#passMark();
    while (!this.#isSkipping || this.#skipLine()) {
      const start = this.#at;
      const end = row.cut(start, this.#delimiter);
      if (end < 0) return this.#giveUp();
      row.line = this.#line;
      this.#line += row.isQuoted ? lineBreaks(cutter, start, end) : 1;
      this.#at = end;
      this.#openLength = 0;
      if (!row.isEmpty) return row;
    }
    return undefined;
  }

  get #mayBeComplete(): boolean {
    const length = this.#cutter.length - this.#at;
    if (this.#isEnded || length > rowLengthMax) return true;
    if (!this.#hasLineEnd) return false;
    return length <= eagerLengthMax || 16 * length >= 17 * this.#openLength;
  }

  /** Rejects the line that the open row begins on, if it cannot become a row; continues with the next line. */
  #giveUp(): CsvRow | undefined {
    const length = this.#cutter.length - this.#at;
    this.#openLength = length;
    this.#hasLineEnd = false;
    const isTooLong = length > rowLengthMax;
    if (length === 0 || !(isTooLong || this.#isEnded)) return undefined;
    const row = this.#row;
    row.fail(isTooLong ? `longer than ${rowLengthMax} bytes` : 'a quote is not closed');
    row.line = this.#line;
    this.#line += 1;
    this.#isSkipping = true;
    this.#openLength = 0;
    this.#hasLineEnd = true;
    return row;
  }

  /** Whether the end of the line has come. */
  #skipLine(): boolean {
    const cutter = this.#cutter;
    const end = cutter.indexOf(newline, this.#at);
    this.#isSkipping = end < 0;
    this.#at = this.#isSkipping ? cutter.length : end + 1;
    return !this.#isSkipping;
  }

  #passMark(): void {
    const { bytes } = this.#cutter;
    if (this.#at === 0 && byteOrderMark.every((byte, i) => bytes[i] === byte))
      this.#at = byteOrderMark.length;
  }
}

/** Throws a RangeError where a text cannot be the delimiter of a CSV. */
export const checkDelimiter = (delimiter: string): void => {
  const got = JSON.stringify(delimiter);
  if (!/^[\0-\x7F]$/.test(delimiter)) {
    throw new RangeError(`delimiter: expected one character of ASCII, got ${got}`);
  }
  if (/[-.0-9"\r\n]/.test(delimiter)) {
    throw new RangeError(`delimiter: ${got} may be a part of a field`);
  }
};

const lineBreaks = (cutter: Cutter, from: number, to: number): number => {
  let count = 0;
  for (let at = cutter.indexOf(newline, from); at >= 0 && at < to; ) {
    count += 1;
    at = cutter.indexOf(newline, at + 1);
  }
  return count;
};
