import type { FileHandle } from 'node:fs/promises';
import type { ByteProgress } from './bytes.ts';
import type { OpenFile } from './files.ts';
import { Succession } from './succession.ts';

/** How often a file is looked at for growth. */
const lookMs = 200;

/** Bytes read at once. */
const chunkBytes = 1 << 16;

/** That a file has become shorter than what had been read of it: what was not finished is no row. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}

/** What following a file needs. */
export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly progress?: ByteProgress | undefined;
}

/**
 * A file as it grows, as `tail -F` shows it: from its beginning, and on. It ends with the signal. Each
 * beginning is a file of its own, with a header of its own if it is CSV.
 *
 * Rotation by renaming loses nothing and repeats nothing, however quick: a file is read to its end,
 * until there is something in one that came after it. It asks that one process writes at a time, that
 * the renamed file's name begins as before, and that it is not deleted before the next look (0.2 s).
 *
 * A file that is cut off begins anew: its bytes end with a {@link CutOff}. What was written and cut off between two looks is lost, so
 * rotation by copying and cutting off (`copytruncate`) may lose rows; no reader could prevent that.
 */
export const follow = async function* (
  path: string,
  { signal, progress = { read: 0 } }: FollowOptions,
): AsyncGenerator<OpenFile, undefined> {
  const succession = new Succession(path);
  const files = [await succession.first()];
  const hasSuccessor = async (): Promise<boolean> => {
    files.push(...(await succession.next()));
    const later = await Promise.all(files.slice(1).map((file) => file.stat()));
    return later.some(({ size }) => size > 0);
  };
  try {
    for (let file = files[0]; file !== undefined && !signal.aborted; file = files[0]) {
      const growing = new GrowingFile(file, signal, progress);
      yield { name: path, bytes: growing.bytes(hasSuccessor) };
      if (growing.isCutOff) continue;
      files.shift();
      await file.close();
    }
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
};

/** A file from its beginning, and on. */
class GrowingFile {
  readonly #file: FileHandle;
  readonly #signal: AbortSignal;
  readonly #progress: ByteProgress;
  #position = 0;
  /** Whether it has become shorter than what has been read of it. */
  isCutOff = false;

  constructor(file: FileHandle, signal: AbortSignal, progress: ByteProgress) {
    this.#file = file;
    this.#signal = signal;
    this.#progress = progress;
  }

  /** Its bytes until it is cut off, or something is in a file that came after it. */
  async *bytes(hasSuccessor: () => Promise<boolean>): AsyncGenerator<Uint8Array, undefined> {
    const buffer = Buffer.alloc(chunkBytes);
    let isLast = false;
    while (!this.#signal.aborted) {
      const count = await this.#read(buffer);
      if (count > 0) {
        yield buffer.subarray(0, count);
        continue;
      }
      // One more look after the other file has begun: the writer wrote to this one until then.
      if (isLast) return;
      this.isCutOff = (await this.#file.stat()).size < this.#position;
      if (this.isCutOff) throw new CutOff();
      isLast = await hasSuccessor();
      if (!isLast) await sleep(this.#signal);
    }
  }

  async #read(buffer: Buffer): Promise<number> {
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#position);
    this.#position += bytesRead;
    this.#progress.read += bytesRead;
    return bytesRead;
  }
}

const sleep = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, lookMs);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
