import { CodedText } from './coded-text.ts';
import { CsvRow } from './csv-row.ts';

/** A row may be so many characters long: an unclosed quote must not swallow a file. */
const rowLengthMax = 1 << 20;

/**
 * Cuts a CSV text (RFC 4180) into rows as it arrives. Quoted fields may hold delimiters, quotes
 * (doubled) and line breaks; empty lines are left out; lines count from 1. Text is pushed, then
 * rows are taken until there is none: rows cut in advance would outlive many collections.
 */
export class CsvParser {
  #delimiter: number | undefined;
  readonly #row = new CsvRow();
  readonly #coded = new CodedText();
  /** Where the next row begins. */
  #at = 0;
  #line = 1;
  #isEnded = false;
  /** The rest of a line that was given up is still to come. */
  #isSkipping = false;

  /** Without a delimiter it takes the one that the first line suggests: `,` `;` tab or `|`. */
  constructor(delimiter?: string) {
    if (delimiter === undefined) return;
    if (delimiter.length !== 1) {
      throw new RangeError(`delimiter: expected one character, got ${JSON.stringify(delimiter)}`);
    }
    if (/[-.0-9"\r\n]/.test(delimiter)) {
      throw new RangeError(`delimiter: ${JSON.stringify(delimiter)} may be a part of a field`);
    }
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Takes more text. */
  push(text: string): void {
    this.#coded.advance(this.#at, text);
    this.#at = 0;
  }

  /** Takes the end of the text: what is open is closed. */
  end(): void {
    this.push('\n');
    this.#isEnded = true;
  }

  /** The next row that is complete, to be used before the one after it takes its place. */
  next(): CsvRow | undefined {
    const row = this.#row;
    this.#delimiter ??= delimiterOf(this.#coded.text);
    if (this.#delimiter === undefined) return undefined;
    while (!this.#isSkipping || this.#skipLine()) {
      const start = this.#at;
      const end = row.cut(this.#coded, start, this.#delimiter);
      if (end < 0) return this.#giveUp();
      row.line = this.#line;
      this.#line += row.isQuoted ? lineBreaks(this.#coded.text, start, end) : 1;
      this.#at = end;
      if (!row.isEmpty) return row;
    }
    return undefined;
  }

  /** Rejects the line that the open row begins on, if it cannot become one; goes on with the next. */
  #giveUp(): CsvRow | undefined {
    const length = this.#coded.text.length - this.#at;
    const isTooLong = length > rowLengthMax;
    if (length === 0 || !(isTooLong || this.#isEnded)) return undefined;
    const row = this.#row;
    row.fail(isTooLong ? `longer than ${rowLengthMax} characters` : 'a quote is not closed');
    row.line = this.#line;
    this.#line += 1;
    this.#isSkipping = true;
    return row;
  }

  /** Whether the end of the line has come. */
  #skipLine(): boolean {
    const { text } = this.#coded;
    const newline = text.indexOf('\n', this.#at);
    this.#isSkipping = newline < 0;
    this.#at = this.#isSkipping ? text.length : newline + 1;
    return !this.#isSkipping;
  }
}

/** Undefined where the first line is not complete. */
const delimiterOf = (text: string): number | undefined => {
  const newline = text.indexOf('\n');
  if (newline < 0 && text.length <= rowLengthMax) return undefined;
  const header = text.slice(0, newline).replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => header.split(delimiter).length;
  const found = [',', ';', '\t', '|'].reduce((best, next) =>
    count(next) > count(best) ? next : best,
  );
  return found.charCodeAt(0);
};

const lineBreaks = (text: string, from: number, to: number): number => {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
};
