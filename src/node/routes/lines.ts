import { GrowingBuffer } from './growing-buffer.ts';

const newline = 0x0a;

/**
 * The lines of a text that comes in pieces, without their ends and without blank ones; undefined,
 * and nothing after it, where one has more than `bytesMax` bytes.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  bytesMax: number,
): AsyncGenerator<string | undefined> {
  /** A line whose end has not come. */
  const begun = new GrowingBuffer();
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      const found = chunk.indexOf(newline, from);
      const end = found === -1 ? chunk.length : found;
      if (begun.length + end - from > bytesMax) {
        yield undefined;
        return;
      }
      begun.append(chunk.subarray(from, end));
      from = end + 1;
      if (found === -1) break;
      const line = begun.take().toString().trim();
      if (line !== '') yield line;
    }
  }
  const last = begun.take().toString().trim();
  if (last !== '') yield last;
}
