import { carriageReturn, newline } from './ascii.ts';
import { csvRows } from './csv/csv-batches.ts';
import type { CsvOptions } from './csv/csv-options.ts';
import { ndjsonLines } from './ndjson-batches.ts';
import type { RowReader } from './row-reader.ts';
import { SourceError } from './source-error.ts';
import { readableText } from './text-encoding.ts';

/** Reads one file as NDJSON or CSV, as its first character says. */
export const recordBatches: RowReader<CsvOptions> = async function* (file, options) {
  const { name, bytes } = readableText(file, options);
  const pieces = bytes[Symbol.asyncIterator]();
  const head = new Head();
  while (head.text === '') {
    const { done, value } = await pieces.next();
    if (done) break;
    head.add(name, value);
  }
  refuseOthers(name, head);
  const reader = head.text.startsWith('{') ? ndjsonLines : csvRows;
  yield* reader({ name, bytes: chainAll(head.bytes(), pieces) }, options);
};

/** So many bytes of blanks may come before the first character, beside ends of lines. */
const blankBytesMax = 1 << 20;

/** So many ends of lines are given again at once. */
const lineEndsAtOnce = 1 << 16;

/** What a file begins with, as far as its first character that can be seen. */
class Head {
  readonly #decoder = new TextDecoder();
  /** Ends of lines are only counted: there may be many, and lines must keep their numbers. */
  readonly #pieces: (Uint8Array | number)[] = [];
  #blankBytes = 0;
  /** The text from that character on; empty where none has come. */
  text = '';

  add(name: string, bytes: Uint8Array): void {
    this.text = this.#decoder.decode(bytes, { stream: true }).trimStart();
    const count = this.text === '' ? lineEndsOf(bytes) : undefined;
    this.#pieces.push(count ?? new Uint8Array(bytes));
    if (this.text === '' && count === undefined) this.#blankBytes += bytes.length;
    if (this.#blankBytes > blankBytesMax) {
      throw new SourceError(`${name} begins with more than ${blankBytesMax} bytes of blanks`);
    }
  }

  *bytes(): Generator<Uint8Array> {
    for (const piece of this.#pieces) {
      if (typeof piece !== 'number') yield piece;
      else for (let left = piece; left > 0; left -= lineEndsAtOnce) yield lineEnds(left);
    }
  }

  /** Whether it begins with one of these pairs of bytes, as hexadecimal digits. */
  beginsWith(...pairs: readonly string[]): boolean {
    const [first = 0] = this.#pieces;
    return typeof first !== 'number' && pairs.includes(hexOf(first.subarray(0, 2)));
  }
}

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** How many lines end in bytes that are nothing else; undefined where they are. */
const lineEndsOf = (bytes: Uint8Array): number | undefined => {
  let count = 0;
  for (const byte of bytes) {
    if (byte === newline) count += 1;
    else if (byte !== carriageReturn) return undefined;
  }
  return count;
};

const lineEnds = (left: number): Uint8Array =>
  new Uint8Array(Math.min(left, lineEndsAtOnce)).fill(newline);

/** As CSV they would be a header of nonsense. */
const refuseOthers = (name: string, head: Head): void => {
  if (head.beginsWith('fffe', 'feff')) {
    throw new SourceError(
      `${name} is UTF-16: it must be UTF-8, as iconv -f UTF-16 -t UTF-8 makes it`,
    );
  }
  if (/^\[\s*[{[\]]/.test(head.text)) {
    throw new SourceError(
      `${name} is one JSON array: expected one record per line, as jq -c '.[]' writes it`,
    );
  }
};

/** Bytes of which the head has been read already. Closes the rest with itself. */
export const chainBytes = (
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> => chainAll([head], rest);

const chainAll = async function* (
  head: Iterable<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
};
