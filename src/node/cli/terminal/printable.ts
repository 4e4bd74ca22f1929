/**
 * Characters that change what a terminal does or shows instead of being shown themselves: C0, DEL and
 * C1 (escape sequences, line breaks), line and paragraph separators, marks and overrides of the
 * direction of writing, a byte-order mark, lone surrogates.
 */
const unsafe = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

const short: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** How many characters of one text are shown by default. */
const lengthMax = 400;

/**
 * Text from outside as it may be written to a terminal or a log: unsafe characters become escapes such
 * as `\x1b` and `\u202e`, and what is longer than `most` UTF-16 units is cut. Every name, message and
 * reason that comes from a file, a peer or a broker passes through it, or through {@link jsonLine},
 * where it is written.
 */
export const printable = (text: unknown, most = lengthMax): string =>
  String(text).slice(0, most).replaceAll(unsafe, escaped).slice(0, most);

/** A value as one line of JSON, with its line break, in which unsafe characters are escaped too. */
export const jsonLine = (value: unknown): string => `${printableJson(JSON.stringify(value))}\n`;

/** A JSON text, or lines of them, in which what JSON itself leaves as it is becomes `\u` escapes. */
export const printableJson = (text: string): string =>
  text.replaceAll(unsafe, (character) => (character === '\n' ? character : inJson(character)));

const escaped = (character: string): string =>
  short.get(character) ??
  (character < '\u0100' ? `\\x${hexOf(character).slice(2)}` : inJson(character));

const inJson = (character: string): string => `\\u${hexOf(character)}`;

const hexOf = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0');
