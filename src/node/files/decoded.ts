import { isAscii } from 'node:buffer';

/** The text that UTF-8 says, in pieces, without a byte order mark; U+FFFD for what is no UTF-8. */
export const decoded = async function* (
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, undefined> {
  const decoder = new Decoder();
  for await (const bytes of pieces) yield decoder.decode(bytes);
  yield decoder.end();
};

/** Decodes UTF-8, as long as it is ASCII by a mere copy. */
class Decoder {
  #decoder: TextDecoder | undefined;
  #isBegun = false;

  decode(bytes: Uint8Array): string {
    if (this.#decoder === undefined && isAscii(bytes)) {
      this.#isBegun ||= bytes.length > 0;
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    }
    // Only what a text begins with is a byte order mark.
    this.#decoder ??= new TextDecoder('utf-8', { ignoreBOM: this.#isBegun });
    return this.#decoder.decode(bytes, { stream: true });
  }

  end(): string {
    return this.#decoder?.decode() ?? '';
  }
}
