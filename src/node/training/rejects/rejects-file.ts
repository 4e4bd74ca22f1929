import { closeSync, fstatSync, openSync, renameSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Rejection, RejectionSink } from '../../../stream/rejection.ts';
import { wallClock } from '../../threads/wall-clock.ts';
import { type RejectsContext, rejectsEntry } from './rejects-entry.ts';

/** Options of a {@link RejectsFile}. */
export interface RejectsFileOptions extends RejectsContext {
  /** Bytes of the file and the one before it together: at least 2. Default 64 MiB. */
  readonly bytesMax?: number;
  /** Told once why nothing is written any more. Default: nobody. */
  readonly failed?: (error: Error) => void;
}

/** Bytes that may wait for the disk; rejections beyond them are counted. */
const waitingMax = 4_194_304;

const writeTo = promisify(write);

/**
 * Appends rejections to an NDJSON file, without ever holding up whoever rejects. When the file has half
 * of its bytes it is renamed to `PATH.1`, in place of the one before, and begun anew: the newest remain.
 * What the disk is too slow for is counted, in a line `{"lost":N}`.
 */
export class RejectsFile implements RejectionSink {
  readonly #path: string;
  readonly #options: RejectsFileOptions;
  readonly #halfMax: number;
  #file: number;
  #bytes: number;
  #waiting = '';
  #waitingBytes = 0;
  #lost = 0;
  #writing: Promise<void> | undefined;
  #isOver = false;
  readonly #flush = (): void => this.#writeNow();

  /** Opens the file, and makes it where there is none. Throws where that is not possible. */
  constructor(path: string, options: RejectsFileOptions) {
    const { bytesMax = 67_108_864 } = options;
    if (!(bytesMax >= 2)) throw new RangeError(`bytesMax must be at least 2, not ${bytesMax}`);
    this.#path = path;
    this.#options = options;
    this.#halfMax = bytesMax / 2;
    this.#file = openSync(path, 'a', 0o600);
    this.#bytes = fstatSync(this.#file).size;
    process.on('exit', this.#flush);
  }

  next(rejection: Rejection): void {
    if (this.#isOver) return;
    const entry = rejectsEntry(rejection, this.#options, wallClock.now());
    const bytes = Buffer.byteLength(entry);
    if (this.#waitingBytes + bytes > Math.min(waitingMax, this.#halfMax)) {
      this.#lost += 1;
      return;
    }
    this.#waiting += entry;
    this.#waitingBytes += bytes;
    this.#writing ??= this.#writeAll();
  }

  /** Done when all of it is written; what comes later is not. */
  async close(): Promise<void> {
    if (this.#isOver) return;
    await this.#writing;
    this.#isOver = true;
    process.off('exit', this.#flush);
    closeSync(this.#file);
  }

  async #writeAll(): Promise<void> {
    // All that comes in one turn is written at once.
    await Promise.resolve();
    try {
      while (this.#waiting !== '' || this.#lost > 0) {
        const text = this.#taken();
        const bytes = Buffer.from(text);
        this.#rotate(bytes.length);
        for (let at = 0; at < bytes.length; ) {
          at += (await writeTo(this.#file, bytes, at)).bytesWritten;
        }
        this.#bytes += bytes.length;
      }
    } catch (error) {
      this.#fail(error as Error);
    }
    this.#writing = undefined;
  }

  #taken(): string {
    const lost = this.#lost === 0 ? '' : `{"lost":${this.#lost}}\n`;
    const text = this.#waiting + lost;
    this.#waiting = '';
    this.#waitingBytes = 0;
    this.#lost = 0;
    return text;
  }

  #rotate(more: number): void {
    if (this.#bytes === 0 || this.#bytes + more <= this.#halfMax) return;
    renameSync(this.#path, `${this.#path}.1`);
    closeSync(this.#file);
    this.#file = openSync(this.#path, 'a', 0o600);
    this.#bytes = 0;
  }

  /** A process that exits does not wait. */
  #writeNow(): void {
    if (this.#isOver || this.#waiting === '') return;
    try {
      writeSync(this.#file, this.#taken());
    } catch {}
  }

  #fail(error: Error): void {
    this.#isOver = true;
    this.#waiting = '';
    process.off('exit', this.#flush);
    this.#options.failed?.(error);
  }
}
