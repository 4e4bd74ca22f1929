/** One row of a CSV text, with the line it begins on; where it is none, why. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
  readonly error?: string;
}

/** A row may be so many characters long: an unclosed quote must not swallow a file. */
const rowLengthMax = 1 << 20;

/**
 * Cuts a CSV text (RFC 4180) into rows as it arrives. Quoted fields may hold delimiters, quotes
 * (doubled) and line breaks; empty lines are left out; lines count from 1.
 *
 * A line without a quote is cut by the engine's own `split`: a parser that looks at each character
 * takes longer than a small network.
 */
export class CsvParser {
  readonly #delimiter: string;
  #rest = '';
  #line = 1;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  /** Takes more text. Returns the rows that are complete now. */
  push(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    this.#rest = this.#cut(this.#rest + text, rows);
    if (this.#rest.length > rowLengthMax)
      this.#giveUp(rows, `longer than ${rowLengthMax} characters`);
    return rows;
  }

  /** Takes the end of the text. Returns the rows that were still open. */
  end(): CsvRow[] {
    const rows = this.push('\n');
    while (this.#rest !== '') this.#giveUp(rows, 'a quote is not closed');
    return rows;
  }

  /** Returns what is left of the text, the beginning of a row. */
  #cut(text: string, rows: CsvRow[]): string {
    let at = 0;
    let quote = text.indexOf('"');
    for (;;) {
      const newline = text.indexOf('\n', at);
      if (newline < 0) return text.slice(at);
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      const line = this.#line;
      if (quote < 0 || quote > newline) {
        const fields = text.slice(at, beforeReturn(text, newline));
        if (fields !== '') rows.push({ line, fields: fields.split(this.#delimiter) });
        this.#line += 1;
        at = newline + 1;
        continue;
      }
      const row = quotedRow(text, at, this.#delimiter);
      if (row === undefined) return text.slice(at);
      rows.push({ line, ...row.content });
      this.#line += lineBreaks(text, at, row.end);
      at = row.end;
    }
  }

  /** Rejects the line that the open row begins on, and goes on with the next. */
  #giveUp(rows: CsvRow[], error: string): void {
    rows.push({ line: this.#line, fields: [], error });
    const newline = this.#rest.indexOf('\n');
    this.#line += 1;
    this.#rest = newline < 0 ? '' : this.#cut(this.#rest.slice(newline + 1), rows);
  }
}

/** The end of a line without its line break, which may be CR LF. */
const beforeReturn = (text: string, newline: number): number =>
  text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline;

const lineBreaks = (text: string, from: number, to: number): number => {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
};

interface QuotedRow {
  readonly content: { readonly fields: readonly string[]; readonly error?: string };
  readonly end: number;
}

/** The row that begins at `start`, one with quotes; undefined where its end has not come yet. */
const quotedRow = (text: string, start: number, delimiter: string): QuotedRow | undefined => {
  const fields: string[] = [];
  for (let at = start; ; at += 1) {
    const isQuoted = text[at] === '"';
    const field = isQuoted ? quotedField(text, at) : plainField(text, at, delimiter);
    if (field === undefined) return undefined;
    fields.push(field.value);
    at = field.end;
    if (text[at] === '\n') return { content: { fields }, end: at + 1 };
    if (text[at] === delimiter) continue;
    const newline = text.indexOf('\n', at);
    if (newline < 0) return undefined;
    if (newline === at + 1 && text[at] === '\r') return { content: { fields }, end: newline + 1 };
    const error = `text after the closing quote of field ${fields.length}`;
    return { content: { fields: [], error }, end: newline + 1 };
  }
};

interface Field {
  readonly value: string;
  /** Where the delimiter or the line break after it stands. */
  readonly end: number;
}

const quotedField = (text: string, start: number): Field | undefined => {
  let value = '';
  for (let from = start + 1; ; ) {
    const close = text.indexOf('"', from);
    if (close < 0 || close + 1 >= text.length) return undefined;
    value += text.slice(from, close);
    if (text[close + 1] !== '"') return { value, end: close + 1 };
    value += '"';
    from = close + 2;
  }
};

/** A quote inside a field that does not begin with one is a character like others. */
const plainField = (text: string, start: number, delimiter: string): Field | undefined => {
  const newline = text.indexOf('\n', start);
  if (newline < 0) return undefined;
  const next = text.indexOf(delimiter, start);
  const end = next < 0 || next > newline ? beforeReturn(text, newline) : next;
  return { value: text.slice(start, end), end };
};
