import { carriageReturn, newline } from './ascii.ts';
import type { ConnectionEventSink } from './connection-event.ts';
import { magicBytesMax, refuseForeign } from './foreign-formats.ts';
import type { NamedBytes } from './named-bytes.ts';

/** Options of a text that may not be UTF-8. */
export interface EncodingOptions {
  /**
   * The encoding of the text, by a label of the Encoding Standard such as `latin1`, `windows-1251`,
   * `utf-16le` or `shift_jis`. Default: UTF-8; a text that does not begin as UTF-8 is read as
   * `windows-1252`, which contains the letters of Latin-1, with an event of the kind `notice`.
   */
  readonly encoding?: string;
}

/** Throws a RangeError where no encoding has this label. */
export const checkEncoding = ({ encoding }: EncodingOptions): void => {
  if (encoding !== undefined) decoderOf(encoding);
};

const decoderOf = (encoding: string): TextDecoder => {
  try {
    return new TextDecoder(encoding);
  } catch {
    const label = JSON.stringify(encoding);
    throw new RangeError(
      `encoding: no encoding is called ${label}; use latin1, windows-1252, utf-16le, shift_jis or another label of the Encoding Standard`,
    );
  }
};

/** How many first bytes are looked at for characters that are not UTF-8. */
const sniffedBytesMax = 1 << 16;

/** Read in place of UTF-8 where a text is not UTF-8: it has a character for nearly every byte. */
const fallback = 'windows-1252';

/** What a text is read with. */
interface ReadingOptions extends EncodingOptions {
  /** Notified when a text is read in another encoding than UTF-8 that no option named. */
  readonly events?: ConnectionEventSink;
}

/**
 * The bytes of a text as UTF-8, whatever its encoding. They end with a SourceError where the first of
 * them are those of another kind of file, such as a zip archive.
 */
export const readableText = (
  { name, bytes }: NamedBytes,
  { encoding, events }: ReadingOptions,
): NamedBytes => {
  if (encoding !== undefined) return { name, bytes: transcoded(bytes, encoding) };
  return { name, bytes: sniffed(checked(name, bytes), name, events) };
};

const transcoded = async function* (
  pieces: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<Uint8Array, undefined> {
  const decoder = decoderOf(encoding);
  const encoder = new TextEncoder();
  for await (const piece of pieces) yield encoder.encode(decoder.decode(piece, { stream: true }));
  yield encoder.encode(decoder.decode());
};

/** The pieces, once the first bytes are those of a text. */
const checked = async function* (
  name: string,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  let first: Uint8Array | undefined = new Uint8Array(0);
  for await (const piece of pieces) {
    if (first === undefined) {
      yield piece;
      continue;
    }
    const head = joined(first, piece);
    // A line is enough: what comes after it may be far away.
    const isEnough = head.length >= magicBytesMax || hasLineEnd(piece);
    first = isEnough ? undefined : head;
    if (!isEnough) continue;
    refuseForeign(name, head);
    yield head;
  }
  if (first === undefined || first.length === 0) return;
  refuseForeign(name, first);
  yield first;
};

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  // A copy: slice() of a Buffer is none.
  if (first.length === 0) return new Uint8Array(second);
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
};

const hasLineEnd = (bytes: Uint8Array): boolean =>
  bytes.includes(newline) || bytes.includes(carriageReturn);

/** The pieces; as UTF-8 from the first one on that is not, if it is among the first. */
const sniffed = async function* (
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  events: ConnectionEventSink | undefined,
): AsyncGenerator<Uint8Array, undefined> {
  const encoder = new TextEncoder();
  let decoder: TextDecoder | undefined;
  let left = sniffedBytesMax;
  for await (const piece of pieces) {
    if (left > 0) {
      const head = piece.subarray(0, left);
      left -= head.length;
      const kind = encodingOf(head);
      if (kind !== 'ascii') left = 0;
      if (kind === 'other') {
        decoder = decoderOf(fallback);
        const message = `${name} is not UTF-8: it is read as ${fallback}; choose another with --encoding`;
        events?.next({ kind: 'notice', message });
      }
    }
    yield decoder ? encoder.encode(decoder.decode(piece, { stream: true })) : piece;
  }
};

/**
 * Whether bytes are of ASCII alone, or more of their other characters are UTF-8 than not: a text of which
 * one character is damaged stays UTF-8.
 */
const encodingOf = (bytes: Uint8Array): 'ascii' | 'utf8' | 'other' => {
  let [valid, invalid] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at]! < 0x80) continue;
    const length = sequenceLength(bytes, at);
    if (length === 0) invalid += 1;
    else {
      valid += 1;
      at += length - 1;
    }
  }
  if (valid + invalid === 0) return 'ascii';
  return invalid > valid ? 'other' : 'utf8';
};

/** How many bytes the character of UTF-8 has that begins here, also one that is cut off; 0: it is none. */
const sequenceLength = (bytes: Uint8Array, at: number): number => {
  const first = bytes[at]!;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let next = at + 1; next < at + length && next < bytes.length; next += 1) {
    if ((bytes[next]! & 0xc0) !== 0x80) return 0;
  }
  return length;
};
