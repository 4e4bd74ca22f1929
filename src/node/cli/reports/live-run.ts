import { finalize, type Subscription } from 'rxjs';
import type { Audience } from '../../../pipeline.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import type { TrainingModel } from '../../training/training-model.ts';
import { count } from '../terminal/figures.ts';
import { endingOf, oneLine } from '../terminal/misuse.ts';
import { nothingLearned } from './nothing-learned.ts';

/** How a training that is served comes along. */
export class LiveRun {
  readonly training: TrainingModel;
  /** Samples that had been learned when it began. */
  readonly before: number;
  /** Settles with the first snapshot, or the end; rejects where nothing can be learned at all. */
  readonly begun: Promise<void>;
  /** What ended it, where that was an error after it had begun. */
  failure: string | undefined;
  /** Why nothing more comes, for viewers; undefined while it learns. */
  outcome: string | undefined;
  /** What the process ends with for it. */
  exitCode = 0;
  last: Snapshot | undefined;
  isLearning = true;
  /** Settles when it has ended, however it did. */
  readonly ended: Promise<void>;
  readonly #startMs = performance.now();
  readonly #subscription: Subscription;
  #endMs: number | undefined;

  /** Begins to train. `audience` is notified of what the stream does, and of an error that ends it. */
  constructor(training: TrainingModel, audience: Audience, before = 0) {
    this.training = training;
    this.before = before;
    let ended = (): void => {};
    this.ended = new Promise((settle) => {
      ended = settle;
    });
    let resolve = (): void => {};
    let reject: (reason: unknown) => void = () => {};
    this.begun = new Promise((...settle) => {
      [resolve, reject] = settle;
    });
    // A caller that no longer waits for the beginning gets the event.
    this.begun.catch(() => {});
    this.#subscription = training
      .snapshots(audience)
      .pipe(finalize(ended))
      .subscribe({
        next: (snapshot) => {
          this.last = snapshot;
          resolve();
        },
        error: (error: unknown) => {
          this.#end();
          reject(error);
          this.failure = oneLine(error instanceof Error ? error.message : String(error));
          this.outcome = this.failure;
          this.exitCode = endingOf(error).exitCode;
          audience.event({ kind: 'error', step: this.last?.step ?? 0, message: this.failure });
        },
        complete: () => {
          this.#end();
          if (this.last === undefined) reject(nothingLearned(training));
          this.outcome = `finished after ${count(this.last?.step ?? 0)} samples`;
          resolve();
        },
      });
  }

  /** How long it has trained. */
  get seconds(): number {
    return ((this.#endMs ?? performance.now()) - this.#startMs) / 1000;
  }

  /** Samples learned a second since it began. */
  get samplesPerSecond(): number {
    return Math.max(0, (this.last?.step ?? 0) - this.before) / this.seconds;
  }

  /** Stops training. */
  stop(): void {
    this.#subscription.unsubscribe();
    this.#end();
  }

  #end(): void {
    this.isLearning = false;
    this.#endMs ??= performance.now();
  }
}
