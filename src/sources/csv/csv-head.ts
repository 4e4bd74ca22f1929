import { carriageReturn, newline } from '../ascii.ts';
import { SourceError } from '../source-error.ts';
import { type CsvLayout, type LayoutOptions, layoutOf } from './csv-layout.ts';

/** A text that has no complete row in so many bytes is not CSV. */
const headBytesMax = 1 << 21;

/** So much of a text shows its layout, unless its first rows are longer. */
const sampleBytes = 1 << 15;

/** The first bytes of a CSV text, until its layout is known. */
export class CsvHead {
  readonly #name: string;
  readonly #options: LayoutOptions;
  #pieces: Uint8Array[] = [];
  #length = 0;
  #hasLineEnd = false;
  /** Empty lines before the first row, which are not kept: there may be many. */
  #emptyLines = 0;
  /** How many bytes were looked at before. */
  #lookedAt = 0;
  layout: CsvLayout | undefined;
  /** Whether lines end in CR alone, which the parser does not know. */
  hasReturnsAlone = false;

  constructor(name: string, options: LayoutOptions) {
    this.#name = name;
    this.#options = options;
  }

  /**
   * Takes a copy of more bytes. Returns all of them from the header on once the layout is known.
   * Throws a SourceError where no row is found among the first bytes.
   */
  push(bytes: Uint8Array): Uint8Array | undefined {
    const piece = this.#length === 0 ? this.#withoutEmptyLines(bytes) : bytes;
    // A Buffer of Node would not be copied by slice().
    this.#pieces.push(new Uint8Array(piece));
    this.#length += piece.length;
    this.#hasLineEnd ||= piece.includes(newline) || piece.includes(carriageReturn);
    // A long header may come in many small pieces.
    const isWorthLooking = 16 * this.#length >= 17 * this.#lookedAt || this.#length < sampleBytes;
    return this.#hasLineEnd && isWorthLooking ? this.#look(false) : undefined;
  }

  /** Takes the end of the text. Returns what is left of it from the header on. */
  end(): Uint8Array | undefined {
    return this.#look(true);
  }

  /** The number of the line that the layout begins with. */
  get firstLine(): number {
    return 1 + this.#emptyLines + (this.layout?.linesBefore ?? 0);
  }

  #withoutEmptyLines(bytes: Uint8Array): Uint8Array {
    const first = bytes.findIndex((byte) => byte !== newline && byte !== carriageReturn);
    const empty = first < 0 ? bytes : bytes.subarray(0, first);
    for (const byte of empty) if (byte === newline) this.#emptyLines += 1;
    return bytes.subarray(empty.length);
  }

  #look(isEnd: boolean): Uint8Array | undefined {
    const bytes = joined(this.#pieces, this.#length);
    this.#pieces = [bytes];
    this.#lookedAt = bytes.length;
    this.#hasLineEnd = false;
    const returns = hasReturnsAlone(bytes);
    for (let size = sampleBytes; this.layout === undefined; size *= 2) {
      const isWhole = size >= bytes.length;
      const text = decodedLines(bytes.subarray(0, size), returns);
      const layout = layoutOf(text, this.#options, isEnd && isWhole);
      if (layout !== undefined && (layout.isClear || (isEnd && isWhole))) this.layout = layout;
      if (isWhole) break;
    }
    if (this.layout === undefined) {
      if (bytes.length <= headBytesMax) return undefined;
      throw new SourceError(`${this.#name} has no row in its first ${headBytesMax} bytes`);
    }
    this.hasReturnsAlone = returns;
    const text = returns ? withNewlines(bytes) : bytes;
    return text.subarray(offsetOfLine(text, this.layout.linesBefore));
  }
}

const joined = (pieces: readonly Uint8Array[], length: number): Uint8Array => {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
};

/** Whether there is a CR and no LF. One at the end may be the first half of a CR LF. */
const hasReturnsAlone = (bytes: Uint8Array): boolean => {
  const at = bytes.indexOf(carriageReturn);
  return at >= 0 && at < bytes.length - 1 && !bytes.includes(newline);
};

const decodedLines = (bytes: Uint8Array, hasReturns: boolean): string => {
  const text = new TextDecoder().decode(bytes);
  return hasReturns ? text.replaceAll('\r', '\n') : text;
};

/** A copy of bytes in which each CR is a LF. */
export const withNewlines = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte === carriageReturn ? newline : byte));

const offsetOfLine = (bytes: Uint8Array, lines: number): number => {
  let at = 0;
  for (let line = 0; line < lines; line += 1) at = bytes.indexOf(newline, at) + 1;
  return at;
};
