import { type Observable, tap } from 'rxjs';
import type { FeedProgress } from '../../../client/feeder.ts';
import type { ConnectionEventSink } from '../../../sources/connection-event.ts';
import type { Example } from '../../../sources/example.ts';
import type { RecordOptions } from '../../../sources/record.ts';
import { Governor } from '../../../stream/governor.ts';
import type { ByteProgress } from '../../sources/files/bytes.ts';
import { records } from '../../sources/files/records.ts';
import { followedFile, tail } from '../../sources/files/tail.ts';

/** Rows that may be on their way; beyond it, reading waits. */
const underwayMax = 8_192;

/** What has become of rows that are fed, as `--json` prints it. */
export interface FedResult {
  /** Rows that have arrived, the refused ones included. */
  fed: number;
  /** Rows that could not be read, or that the model has refused. */
  rejected: number;
  /** Rows acknowledged by a server that then resumed from an older checkpoint. */
  forgotten: number;
  /** Samples that the model has learned then. */
  step: number;
}

/** How rows are read. */
export interface FedRowsOptions extends RecordOptions {
  readonly follow?: boolean;
  readonly signal: AbortSignal;
  /** Told when a followed file restarts at its first row. */
  readonly events?: ConnectionEventSink;
}

/** Rows of files on their way to a server: read no faster than they arrive there. */
export class FedRows {
  readonly result: FedResult = { fed: 0, rejected: 0, forgotten: 0, step: 0 };
  readonly bytes: ByteProgress = { read: 0 };
  readonly examples: Observable<Example>;
  readonly #governor = new Governor();
  #read = 0;

  constructor(files: readonly string[], { follow, ...options }: FedRowsOptions) {
    const settings = {
      ...options,
      governor: this.#governor,
      progress: this.bytes,
      rejected: { next: () => this.#reject(1) },
    };
    const inputs = files.map((file) => (file === '-' ? process.stdin : file));
    const source = follow ? tail(followedFile(files), settings) : records(inputs, settings);
    this.examples = source.pipe(tap(() => this.#count()));
  }

  /** Takes what has arrived. */
  arrived({ upTo, rejected, step }: FeedProgress): void {
    Object.assign(this.result, { fed: upTo, step });
    this.#reject(rejected.length);
    if (this.#underway < underwayMax / 2) this.#governor.resume();
  }

  /** So many that had arrived are forgotten. */
  forgot(count: number): void {
    this.result.forgotten += count;
  }

  get #underway(): number {
    return this.#read - this.result.fed;
  }

  #count(): void {
    this.#read += 1;
    if (this.#underway >= underwayMax) this.#governor.pause();
  }

  #reject(count: number): void {
    this.result.rejected += count;
  }
}
