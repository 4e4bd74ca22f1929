import { closeSync, fstatSync, openSync, renameSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { oversize } from '../../../sources/nesting.ts';
import type { RecordOptions } from '../../../sources/record.ts';
import type { Rejection, RejectionSink } from '../../../stream/rejection.ts';
import { wallClock } from '../../threads/wall-clock.ts';

/** What is known about every rejection of a file. */
interface RejectsContext extends RecordOptions {
  /** What people call the source. */
  readonly source: string;
}

/** Characters of what was rejected; of more, only the beginning of a text is kept. */
const rawMax = 65_536;

/** A record is written as it was; one that is nested deeper is not written. */
const limits = { depthMax: 32, valuesMax: 16_384 };

/** Characters that are not shown as themselves, and that JSON leaves as they are. */
const invisible = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * A rejection as one line of JSON: `code`, `reason`, `source`, `index`, `at` (milliseconds since the
 * Unix epoch), `id` where there is one, and what was rejected: `record` with the names that its source
 * has, `fields` of a row, `x` and `y`, or `text` that is none of these. All control characters are
 * escaped, so that a terminal may show it.
 */
export const rejectsEntry = (
  { code, reason, index, id, raw }: Rejection,
  { source, ...names }: RejectsContext,
  at: number,
): string => {
  const about = { code, reason, source, index, at, ...(id === undefined ? {} : { id }) };
  return `${escaped(JSON.stringify({ ...about, ...shown(raw, names) }, plain))}\n`;
};

const shown = (raw: unknown, names: RecordOptions): object => {
  if (typeof raw === 'string') return textOf(raw);
  if (typeof raw !== 'object' || raw === null) return raw === undefined ? {} : { value: raw };
  const reason = oversize(raw, limits);
  if (reason !== undefined) return { omitted: reason };
  const found = recordOf(raw, names);
  const length = JSON.stringify(found, plain).length;
  return length > rawMax ? { omitted: `${length} characters of JSON` } : found;
};

const textOf = (text: string): object =>
  text.length > rawMax
    ? { text: text.slice(0, rawMax), omitted: `${text.length - rawMax} characters` }
    : { text };

const recordOf = (
  raw: object,
  { target = 'target', id: idName, time: timeName }: RecordOptions,
) => {
  if (Array.isArray(raw)) return { fields: raw };
  const { features, x, y, target: label, id, time } = raw as Readonly<Record<string, unknown>>;
  if (typeof features === 'object' && features !== null) {
    const others = { [target]: label, ...(idName && { [idName]: id }) };
    return { record: { ...features, ...others, ...(timeName && { [timeName]: time }) } };
  }
  return x === undefined ? { record: raw } : { x, y };
};

/** What JSON has no form for. */
const plain = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint' || typeof value === 'function') return String(value).slice(0, 200);
  if (typeof value === 'symbol') return value.toString();
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
};

const escaped = (json: string): string =>
  json.replace(
    invisible,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

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
 * Appends rejections to an NDJSON file, without ever delaying the stream. When the file has half
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

  /** Appends one rejection. */
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
