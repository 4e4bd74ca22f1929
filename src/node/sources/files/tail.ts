import type { FileHandle } from 'node:fs/promises';
import type { Observable } from 'rxjs';
import { newline } from '../../../sources/ascii.ts';
import type { ConnectionEvent, ConnectionEventSink } from '../../../sources/connection-event.ts';
import { checkCsvOptions } from '../../../sources/csv/csv-options.ts';
import type { Example } from '../../../sources/example.ts';
import type { NamedBytes } from '../../../sources/named-bytes.ts';
import { chainBytes, recordBatches } from '../../../sources/record-batches.ts';
import type { RowReader } from '../../../sources/row-reader.ts';
import { SourceError } from '../../../sources/source-error.ts';
import type { Beginning, Place } from '../place.ts';
import type { ByteProgress } from './bytes.ts';
import { type CsvFileOptions, readEach } from './files.ts';
import { digestOf, hasAll, headBytesMax, ReadHead } from './read-head.ts';
import { wasFollowed } from './stand-in.ts';
import { type FollowedFile, Succession } from './succession.ts';

/**
 * How far a file has been read, and by what it is known again: its first bytes and the latest ones, so
 * many of each at most.
 */
class ReadSoFar {
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

/** How often a file is looked at for growth. */
const lookMs = 200;

/** Bytes read at once. */
const chunkBytes = 1 << 16;

/** That a file no longer holds what had been read of it: what was not finished is no row. */
class CutOff extends Error {
  override readonly name = 'CutOff';
}

/** What following a file needs. */
interface FollowOptions {
  readonly signal: AbortSignal;
  readonly progress?: ByteProgress | undefined;
  /** Told which file is read, and asked which one it was. Default: it begins with the file of that name. */
  readonly place?: Place | undefined;
  /** Told when reading restarts at a first row, and what of the file before may be lost. */
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
 * A file that is cut off, or overwritten in place, begins anew: its bytes end with a {@link CutOff}, and
 * `events` receives how many bytes are known to be lost. That it was overwritten is seen by its size, its
 * first KiB, and the last KiB before the position, which are compared at each look and after each read.
 * What was written and cut off between two looks is lost, so rotation by copying and cutting off
 * (`copytruncate`) may lose rows; no reader could prevent that.
 *
 * After a restart its place says which file it was. That one is read again from its beginning, whatever
 * its name is now, and then those that came after it. Where it is gone, compressed or cut off, the file
 * that has the name begins.
 */
const follow = async function* (
  path: string,
  { signal, progress = { read: 0 }, place, events }: FollowOptions,
): AsyncGenerator<NamedBytes, undefined> {
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
      if (growing.change) {
        events?.next(changeEvent(path, growing.change));
        continue;
      }
      // A file that is skipped, such as a gzipped one, is not followed: the next file of that name is.
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
    events?.next({ kind: 'restarted', message });
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
  readonly #read = new ReadSoFar();
  /** The size at the latest look. */
  #size = 0;
  /** How it became another file under the same number, where it did. */
  change: FileChange | undefined;

  constructor(followed: FollowedFile, signal: AbortSignal, progress: ByteProgress) {
    this.#followed = followed;
    this.#signal = signal;
    this.#progress = progress;
  }

  /** Which file it is, and what shows that all that has been read of it is still there. */
  readonly beginning = (): Beginning => {
    const { identity, seenMs } = this.#followed;
    return { file: identity, seenMs, ...this.#read.mark };
  };

  /** The same; what was known before, until as much has been read again. */
  beginningAfter(since: Beginning | undefined): () => Beginning {
    return () => (since && this.#read.position < Number(since['bytes']) ? since : this.beginning());
  }

  /** Its bytes until it is cut off or overwritten, or something is in a file that came after it. */
  async *bytes(hasSuccessor: () => Promise<boolean>): AsyncGenerator<Uint8Array, undefined> {
    const buffer = Buffer.alloc(chunkBytes);
    const { file } = this.#followed;
    let isLast = false;
    while (!this.#signal.aborted) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#read.position);
      const how = await this.#lookForChange(bytesRead);
      // At this position another text has no row that begins.
      const count = how === 'overwritten' ? 0 : bytesRead;
      if (count > 0) yield this.#take(buffer.subarray(0, count));
      if (how !== undefined) this.#end(how);
      if (count > 0) continue;
      // One more look after the other file has begun: the writer wrote to this one until then.
      if (isLast) return;
      isLast = await hasSuccessor();
      if (!isLast) await sleep(this.#signal);
    }
  }

  /**
   * Looked at after each read: while the first bytes and those before the position are as they were, what
   * was read follows them. A file that is cut off and written anew may have become longer meanwhile.
   */
  async #lookForChange(bytesRead: number): Promise<FileChange['how'] | undefined> {
    const { file } = this.#followed;
    const { size } = await file.stat();
    if (size < this.#read.position + bytesRead) return 'cut off';
    if (!(await this.#read.isIn(file))) return 'overwritten';
    this.#size = size;
    return undefined;
  }

  #take(bytes: Uint8Array): Uint8Array {
    this.#read.add(bytes);
    this.#progress.read += bytes.length;
    return bytes;
  }

  #end(how: FileChange['how']): never {
    const { position, unfinishedBytes } = this.#read;
    const unreadBytes = Math.max(0, this.#size - position);
    this.change = { how, position, lostBytes: unreadBytes + unfinishedBytes };
    throw new CutOff();
  }
}

/** How a file became another under the same number. */
interface FileChange {
  readonly how: 'cut off' | 'overwritten';
  /** How many bytes had been read. */
  readonly position: number;
  /** Bytes that were seen and are lost: those that had not been read, and an unfinished row. */
  readonly lostBytes: number;
}

const changeEvent = (path: string, { how, position, lostBytes }: FileChange): ConnectionEvent => {
  const bytes = (count: number): string => `${count} ${count === 1 ? 'byte' : 'bytes'}`;
  const known = lostBytes > 0 ? `${bytes(lostBytes)} of it are lost, and ` : '';
  const unseen = `what was written to it in the last ${lookMs / 1000} s before may be lost`;
  const message = `${path} was ${how} after ${bytes(position)} had been read: reading restarts at its first row; ${known}${unseen}`;
  return { kind: 'restarted', message, lostBytes };
};

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

/** Options of {@link tail}. */
export interface TailOptions extends CsvFileOptions, Pick<FollowOptions, 'place'> {}

/**
 * The rows of a file as it grows: NDJSON or CSV; one that is gzipped is a SourceError. It ends only with
 * its subscription. A line that is not finished is waited for, and thrown away if it is cut off. Rotation
 * by renaming (logrotate's `create`) loses no row and repeats none; by copying and cutting off
 * (`copytruncate`) it may lose the latest: see {@link follow}.
 */
export const tail = (
  path: string,
  { place, ...options }: TailOptions = {},
): Observable<Example> => {
  checkCsvOptions(options);
  const { progress, events } = options;
  return readEach(
    (signal) => begun(path, follow(path, { signal, progress, place, events })),
    untilCutOff,
    options,
  );
};

/** The one file that is to be followed, of those that a person has named. Throws a SourceError. */
export const followedFile = ([file = '-', ...others]: readonly string[]): string => {
  if (others.length > 0) {
    throw new SourceError('several sources must all be files that end: --follow');
  }
  if (file === '-') throw new SourceError('standard input cannot be followed: name a file');
  return file;
};

/** The files in which there is something: one may be replaced before. */
const begun = async function* (
  path: string,
  files: AsyncIterable<NamedBytes>,
): AsyncGenerator<NamedBytes> {
  let isFirst = true;
  for await (const { name, bytes } of files) {
    const pieces = bytes[Symbol.asyncIterator]();
    const first = await pieces.next();
    if (first.done) continue;
    if (!isGzipped(first.value)) yield { name, bytes: chainBytes(first.value, pieces) };
    else if (isFirst) throw new SourceError(`${path} is gzipped: such a file cannot be followed`);
    // One that comes later is what somebody made of a file that has been read.
    else await pieces.return?.();
    isFirst = false;
  }
};

/** No text begins with the first of gzip's two magic bytes, if only one has been written yet. */
const isGzipped = ([first, second = 0x8b]: Uint8Array): boolean =>
  first === 0x1f && second === 0x8b;

const untilCutOff: RowReader<CsvFileOptions> = async function* (file, options) {
  try {
    yield* recordBatches(file, options);
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
  }
};
