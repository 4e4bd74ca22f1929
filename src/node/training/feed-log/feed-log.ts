import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FeedMark } from '../../../broadcast/model.ts';
import { decodeFrames, encodeFrame, type FedContent, type LoggedBatch } from './frame.ts';

/** Options of a {@link FeedLog}. */
export interface FeedLogOptions {
  /** Whether an answer waits until the log is on the disk, so that it survives a power loss. Default no. */
  readonly isSynced?: boolean;
}

interface Segment {
  readonly path: string;
  /** The number of the last batch in it. */
  batch: number;
  bytes: number;
}

/** The segment that batches are appended to. */
interface OpenSegment {
  readonly file: number;
  readonly segment: Segment;
}

const segmentPattern = /^fed-(\d{9})\.log$/;

const sync = promisify(fdatasync);

/**
 * An append-only log of fed batches, in the folder of the checkpoints and under its lock. It is a
 * sequence of segments: one ends when a checkpoint is captured, and is removed when that checkpoint is on
 * disk. A frame is in the page cache when {@link append} returns, so that it survives a kill.
 */
export class FeedLog {
  readonly #path: string;
  readonly #isSynced: boolean;
  readonly #segments: Segment[] = [];
  #number = 0;
  #open: OpenSegment | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #nextSync: Promise<void> | undefined;

  /** Opens the log of a folder that this process has locked. */
  constructor(path: string, { isSynced = false }: FeedLogOptions = {}) {
    this.#path = path;
    this.#isSynced = isSynced;
    for (const name of readdirSync(path).sort()) {
      const number = segmentPattern.exec(name)?.[1];
      if (number === undefined) continue;
      this.#number = Number(number);
      this.#segments.push({ path: join(path, name), batch: 0, bytes: 0 });
    }
  }

  /** Its bytes on disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * The batches of earlier processes after that number, in order. Those that are missing among them, since
   * the disk has lost them, are a line in `missing`.
   */
  read(after: number): { readonly batches: LoggedBatch[]; readonly missing: readonly string[] } {
    const batches: LoggedBatch[] = [];
    const missing: string[] = [];
    let last = after;
    for (const segment of this.#segments) {
      const file = readFileSync(segment.path);
      segment.bytes = file.length;
      for (const batch of decodeFrames(file)) {
        segment.batch = batch.batch;
        if (batch.batch <= last) continue;
        if (batch.batch > last + 1) missing.push(missingLine(last + 1, batch.batch - 1));
        last = batch.batch;
        batches.push(batch);
      }
    }
    return { batches, missing };
  }

  /** Appends a batch. Throws where that fails; what was appended before is as it was. */
  append(mark: FeedMark, content: FedContent): void {
    const frame = encodeFrame(mark, content);
    const { file, segment } = this.#opened();
    try {
      for (let at = 0; at < frame.length; ) at += writeSync(file, frame, at);
    } catch (error) {
      this.#truncate();
      throw error;
    }
    segment.bytes += frame.length;
    segment.batch = mark.batch;
  }

  /** Resolves when all that was appended is durable. All callers during a sync share the next one. */
  synced(): Promise<void> {
    if (!this.#isSynced || this.#open === undefined) return this.#syncing;
    this.#nextSync ??= this.#syncing
      .catch(() => {})
      .then(() => {
        this.#nextSync = undefined;
        // A segment that has ended was synced then.
        this.#syncing = this.#open ? sync(this.#open.file) : Promise.resolve();
        return this.#syncing;
      });
    return this.#nextSync;
  }

  /** Ends the segment: a checkpoint that contains it is about to be captured. */
  cut(): void {
    const open = this.#open;
    if (open === undefined) return;
    if (this.#isSynced) fdatasyncSync(open.file);
    this.#open = undefined;
    // Not under a sync that still uses its number.
    void this.#syncing.catch(() => {}).then(() => closeSync(open.file));
  }

  /** Removes the segments that a checkpoint on disk contains: those that end with such a batch. */
  drop(batch: number): void {
    for (const segment of [...this.#segments]) {
      if (segment === this.#open?.segment || segment.batch > batch) continue;
      try {
        rmSync(segment.path, { force: true });
      } catch {
        // It costs space, and is tried again after the next checkpoint.
        continue;
      }
      this.#segments.splice(this.#segments.indexOf(segment), 1);
    }
  }

  #opened(): OpenSegment {
    if (this.#open) return this.#open;
    this.#number += 1;
    const name = `fed-${String(this.#number).padStart(9, '0')}.log`;
    const segment = { path: join(this.#path, name), batch: 0, bytes: 0 };
    this.#open = { file: openSync(segment.path, 'ax', 0o600), segment };
    this.#segments.push(segment);
    if (this.#isSynced) syncName(this.#path);
    return this.#open;
  }

  /** Without the part of a frame. Where even that fails, the next batches have a segment of their own. */
  #truncate(): void {
    const open = this.#open!;
    this.#open = undefined;
    try {
      ftruncateSync(open.file, open.segment.bytes);
      closeSync(open.file);
    } catch {}
  }
}

const missingLine = (first: number, last: number): string =>
  `the log of fed samples has lost the batches ${first} to ${last}`;

/** A file's name is safe when its folder is. */
const syncName = (path: string): void => {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
};
