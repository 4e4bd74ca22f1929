import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import type { Beginning, Place } from '../place.ts';
import type { ByteProgress } from './bytes.ts';
import type { OpenFile } from './files.ts';
import { hasAll, ReadHead } from './read-head.ts';
import { wasFollowed } from './stand-in.ts';
import { type FollowedFile, Succession } from './succession.ts';

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
  /** Told which file is read, and asked which one it was. Default: it begins with the file of that name. */
  readonly place?: Place | undefined;
  /** Told where it cannot go on with the file that it was. */
  readonly events?: ConnectionEventSink | undefined;
}

/**
 * A file as it grows, as `tail -F` shows it: from its beginning, and on. It ends with the signal. Each
 * beginning is a file of its own, with a header of its own if it is CSV.
 *
 * Rotation by renaming loses nothing and repeats nothing, however quick: a file is read to its end,
 * until there is something in one that came after it. It asks that one process writes at a time, that
 * the renamed file's name begins as before, and that it is not deleted before the next look (0.2 s).
 *
 * A file that is cut off begins anew: its bytes end with a {@link CutOff}. What was written and cut off
 * between two looks is lost, so rotation by copying and cutting off (`copytruncate`) may lose rows; no
 * reader could prevent that.
 *
 * After a restart its place says which file it was. That one is read again from its beginning, whatever
 * its name is now, and then those that came after it. Where it is gone, compressed or cut off, the file
 * that has the name begins.
 */
export const follow = async function* (
  path: string,
  { signal, progress = { read: 0 }, place, events }: FollowOptions,
): AsyncGenerator<OpenFile, undefined> {
  const succession = new Succession(path);
  const before = await findAgain(path, succession, { place, events });
  let since = before?.isWhole ? place?.since : undefined;
  // A position that says no file is of a run that did not follow: it is the one of that name.
  let isAgain = since !== undefined || place?.since === undefined;
  const files = [before?.followed ?? (await succession.first())];
  const hasSuccessor = async (): Promise<boolean> => {
    files.push(...(await succession.next()));
    const later = await Promise.all(files.slice(1).map(({ file }) => file.stat()));
    return later.some(({ size }) => size > 0);
  };
  try {
    for (let file = files[0]; file !== undefined && !signal.aborted; file = files[0]) {
      const growing = new GrowingFile(file, signal, progress);
      if (isAgain) place?.repeat(growing.beginningAfter(since));
      else place?.begin(growing.beginning);
      since = undefined;
      isAgain = false;
      yield { name: path, bytes: growing.bytes(hasSuccessor) };
      if (growing.isCutOff) continue;
      // Nobody reads on in one that is passed by, such as a gzipped one: what has the name then comes.
      while (files.length === 1 && !signal.aborted && !(await hasSuccessor())) await sleep(signal);
      files.shift();
      await file.file.close();
    }
  } finally {
    await Promise.all(files.map(({ file }) => file.close()));
  }
};

interface Found {
  readonly followed: FollowedFile;
  /** Whether there is still all that had been read of it. */
  readonly isWhole: boolean;
}

/**
 * The file that was followed before a restart, whatever its name is now. One that was only read may have
 * been made anew since, with the same beginning.
 */
const findAgain = async (
  path: string,
  succession: Succession,
  { place, events }: Pick<FollowOptions, 'place' | 'events'>,
): Promise<Found | undefined> => {
  const { since } = place ?? {};
  if (since?.['file'] === undefined) return undefined;
  const found = await succession.find(String(since['file']), Number(since['seenMs']));
  const followed = found ?? (wasFollowed(since) ? undefined : await succession.first());
  const isWhole = followed !== undefined && (await isStillWhole(followed, since));
  if (!isWhole) {
    const was = wasFollowed(since) ? 'followed' : 'read';
    const what = found ? 'was cut off meanwhile: it' : 'is gone: the one of that name';
    const message = `the file that was ${was} as ${path} ${what} begins anew`;
    events?.next({ kind: 'lost', message });
  }
  return followed && { followed, isWhole };
};

const isStillWhole = async ({ file }: FollowedFile, since: Beginning): Promise<boolean> => {
  try {
    return hasAll(file.fd, since);
  } catch (error) {
    // Nobody else has it yet.
    await file.close();
    throw error;
  }
};

/** A file from its beginning, and on. */
class GrowingFile {
  readonly #followed: FollowedFile;
  readonly #signal: AbortSignal;
  readonly #progress: ByteProgress;
  readonly #head = new ReadHead();
  #position = 0;
  /** Whether it has become shorter than what has been read of it. */
  isCutOff = false;

  constructor(followed: FollowedFile, signal: AbortSignal, progress: ByteProgress) {
    this.#followed = followed;
    this.#signal = signal;
    this.#progress = progress;
  }

  /** Which file it is, and what shows that all that has been read of it is still there. */
  readonly beginning = (): Beginning => {
    const { identity, seenMs } = this.#followed;
    return { file: identity, seenMs, bytes: this.#position, ...this.#head.mark };
  };

  /** The same; what was known before, until as much has been read again. */
  beginningAfter(since: Beginning | undefined): () => Beginning {
    return () => (since && this.#position < Number(since['bytes']) ? since : this.beginning());
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
      this.isCutOff = (await this.#followed.file.stat()).size < this.#position;
      if (this.isCutOff) throw new CutOff();
      isLast = await hasSuccessor();
      if (!isLast) await sleep(this.#signal);
    }
  }

  async #read(buffer: Buffer): Promise<number> {
    const { file } = this.#followed;
    const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#position);
    this.#position += bytesRead;
    this.#head.add(buffer.subarray(0, bytesRead));
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
