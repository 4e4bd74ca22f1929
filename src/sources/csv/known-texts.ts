// A byte order mark inside a file is a character like any other.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text between two places. What is not UTF-8 becomes U+FFFD. */
export const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  decoder.decode(bytes.subarray(from, to));

/** The cache holds this many texts of at most this many bytes. The count is a power of two. */
const textCount = 1_024;
const lengthMax = 32;

/**
 * Makes texts of bytes, and knows some that it has made: categories come again and again, and a new
 * string is a call out of the engine's own code, which takes longer than all else about a field.
 */
export class KnownTexts {
  readonly #texts = new Array<string>(textCount).fill('');

  /** The text between two places. What is no UTF-8 becomes U+FFFD. */
  read(bytes: Uint8Array, from: number, to: number): string {
    if (to - from > lengthMax) return textOf(bytes, from, to);
    const place = placeOf(bytes, from, to);
    const known = this.#texts[place]!;
    if (isSame(known, bytes, from, to)) return known;
    const text = textOf(bytes, from, to);
    this.#texts[place] = text;
    return text;
  }
}

const placeOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = 0;
  for (let at = from; at < to; at += 1) hash = (31 * hash + bytes[at]!) | 0;
  return (hash ^ (hash >>> 10)) & (textCount - 1);
};

/** Of ASCII alone: other characters are not the numbers that their bytes are. */
const isSame = (text: string, bytes: Uint8Array, from: number, to: number): boolean => {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i += 1) {
    const byte = bytes[from + i]!;
    if (byte > 127 || byte !== text.charCodeAt(i)) return false;
  }
  return true;
};
