import type { FileHandle } from 'node:fs/promises';
import { newline } from '../../../sources/ascii.ts';
import { digestOf, headBytesMax, ReadHead } from './read-head.ts';

/**
 * How far a file has been read, and by what it is known again: its first bytes and the latest ones, so
 * many of each at most.
 */
export class ReadSoFar {
  readonly #head = new ReadHead();
  #tail = Buffer.alloc(0);
  #position = 0;
  #rowEnd = 0;

  /** Where the next byte is read. */
  get position(): number {
    return this.#position;
  }

  /** Bytes after the latest end of a line: a row that is not finished. */
  get unfinishedBytes(): number {
    return this.#position - this.#rowEnd;
  }

  /** What a place keeps of it. */
  get mark() {
    return {
      bytes: this.#position,
      ...this.#head.mark,
      tailBytes: this.#tail.length,
      tail: digestOf(this.#tail),
    };
  }

  /** Takes what has been read next. */
  add(bytes: Uint8Array): void {
    this.#head.add(bytes);
    const latest = bytes.subarray(-headBytesMax);
    this.#tail = Buffer.concat([this.#tail, latest]).subarray(-headBytesMax);
    const lastEnd = bytes.lastIndexOf(newline);
    if (lastEnd >= 0) this.#rowEnd = this.#position + lastEnd + 1;
    this.#position += bytes.length;
  }

  /** Whether a file still holds it, as far as the first and the latest bytes tell. */
  async isIn(file: FileHandle): Promise<boolean> {
    return (
      (await holds(file, this.#head.bytes, 0)) &&
      holds(file, this.#tail, this.#position - this.#tail.length)
    );
  }
}

const holds = async (file: FileHandle, bytes: Uint8Array, position: number): Promise<boolean> => {
  if (bytes.length === 0) return true;
  const found = Buffer.alloc(bytes.length);
  const { bytesRead } = await file.read(found, 0, found.length, position);
  return bytesRead === bytes.length && found.equals(bytes);
};
