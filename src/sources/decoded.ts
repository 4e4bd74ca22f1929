/** The text of UTF-8 in pieces, without a byte order mark; U+FFFD stands for what is not UTF-8. */
export const decoded = async function* (
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  for await (const bytes of pieces) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
};
