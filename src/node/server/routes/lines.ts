import { GrowingBuffer } from './growing-buffer.ts';
import { HttpError } from './route.ts';

const newline = 0x0a;

/**
 * The lines of a text that comes in pieces, without their ends and without blank ones: those that a
 * piece completes at once, since a turn of an asynchronous iteration costs as much as reading a line.
 * Throws 413 at a line that has more than `bytesMax` bytes.
 */
export async function* linesOf(
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  bytesMax: number,
): AsyncGenerator<string[]> {
  /** A line whose end has not come. */
  const begun = new GrowingBuffer();
  for await (const piece of pieces) {
    const lines: string[] = [];
    let from = 0;
    for (let end = piece.indexOf(newline); end !== -1; end = piece.indexOf(newline, from)) {
      if (begun.length + end - from > bytesMax) break;
      const rest = piece.subarray(from, end);
      if (begun.length > 0) begun.append(rest);
      add(lines, begun.length > 0 ? begun.take() : rest);
      from = end + 1;
    }
    if (lines.length > 0) yield lines;
    const rest = piece.subarray(from);
    const end = rest.indexOf(newline);
    if (begun.length + (end === -1 ? rest.length : end) > bytesMax) {
      throw new HttpError(413, `a line has more than ${bytesMax} bytes`);
    }
    begun.append(rest);
  }
  const lines: string[] = [];
  add(lines, begun.take());
  if (lines.length > 0) yield lines;
}

const add = (lines: string[], bytes: Buffer): void => {
  const line = bytes.toString().trim();
  if (line !== '') lines.push(line);
};
