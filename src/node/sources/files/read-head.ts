import { createHash } from 'node:crypto';
import { fstatSync, readSync } from 'node:fs';
import type { Beginning } from '../place.ts';

/** The number of first bytes by which a text is recognised. */
export const headBytesMax = 1_024;

/** What a text begins with, as far as it has been read: whether it is the same is seen by that. */
export class ReadHead {
  #bytes = Buffer.alloc(0);

  /** Takes what has been read next. */
  add(bytes: Uint8Array): void {
    const missing = headBytesMax - this.#bytes.length;
    if (missing > 0) this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(0, missing)]);
  }

  /** The bytes themselves. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** As a source keeps it. */
  get mark(): { readonly headBytes: number; readonly head: string } {
    return { headBytes: this.#bytes.length, head: digestOf(this.#bytes) };
  }
}

/** The first bytes of an open file, at most `most`. Throws a RangeError if that is not a number of bytes. */
export const firstBytesOf = (file: number, most: number): Uint8Array => {
  const bytes = Buffer.alloc(most);
  return bytes.subarray(0, readSync(file, bytes, 0, most, 0));
};

/** Whether an open file still has all that had been read of it, by its first bytes and the latest ones. */
export const hasAll = (file: number, since: Beginning): boolean =>
  fstatSync(file).size >= Number(since['bytes']) &&
  isHead(firstBytesOf(file, headBytesOf(since)), since) &&
  hasTail(file, since);

/** A position of an earlier version has no tail. */
const hasTail = (file: number, since: Beginning): boolean => {
  if (since['tail'] === undefined) return true;
  const bytes = Buffer.alloc(Number(since['tailBytes']));
  readSync(file, bytes, 0, bytes.length, Number(since['bytes']) - bytes.length);
  return since['tail'] === digestOf(bytes);
};

/** How many first bytes a kept head is of. */
export const headBytesOf = (since: Beginning | undefined): number =>
  Number(since?.['headBytes'] ?? 0);

/** Whether what these bytes begin is the text that was kept. */
export const isHead = (bytes: Uint8Array, since: Beginning | undefined): boolean =>
  since?.['head'] === digestOf(bytes.subarray(0, headBytesOf(since)));

/** A short digest by which bytes are known again. */
export const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 32);
