import { Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs';
import type { Score } from '../evaluate/evaluation.ts';
import type { Learner, Update } from '../learn/learner.ts';
import { every } from '../stream/every.ts';
import { subscribeLinked } from '../stream/linked.ts';
import type { Snapshot } from './snapshot.ts';
import { type Measures, Summary, type SummaryOptions } from './summary.ts';

/** Options of {@link snapshot}. */
export interface SnapshotOptions extends SummaryOptions {
  /** Milliseconds between two snapshots: > 0. Default 33, some thirty a second. */
  readonly everyMs?: number;
  /** The clock. Default: real time, by a timer that does not keep a Node process alive. */
  readonly scheduler?: SchedulerLike;
}

/** What {@link snapshot} takes: scores, or with `measures` updates. */
export interface TakesSnapshots {
  (
    learner: Learner,
    options?: SnapshotOptions & { readonly measures?: undefined },
  ): OperatorFunction<Score, Snapshot>;
  (
    learner: Learner,
    options: SnapshotOptions & { readonly measures: Measures },
  ): OperatorFunction<Update, Snapshot>;
}

/**
 * A snapshot of the learner every so often, if there was a new score since the last one, and one more
 * when the scores end or fail; one at once where there are measures of what was before. Nothing of it
 * is overwritten later. With `measures` updates are enough.
 */
export const snapshot: TakesSnapshots = (
  learner,
  { everyMs = 33, scheduler, ...options }: SnapshotOptions = {},
) => {
  if (!(everyMs > 0)) throw new RangeError(`everyMs must be above 0, not ${everyMs}`);
  return (source: Observable<Update & Partial<Score>>) =>
    new Observable<Snapshot>((subscriber) => {
      const summary = new Summary(learner, options);
      let isNew = (options.measures?.step ?? 0) > 0;
      const emit = (): void => {
        if (!isNew) return;
        isNew = false;
        const taken = summary.snapshot();
        if (taken) subscriber.next(taken);
      };
      const failed = (error: unknown): void => subscriber.error(error);
      subscriber.add(
        scheduler ? scheduled(scheduler, everyMs, emit) : every(everyMs, emit, failed),
      );
      emit();
      subscribeLinked(source, subscriber, {
        next(score) {
          summary.add(score);
          isNew = true;
        },
        ending(passOn) {
          emit();
          passOn();
        },
      });
    });
};

const scheduled = (scheduler: SchedulerLike, everyMs: number, task: () => void): Subscription =>
  scheduler.schedule(
    function (this: { schedule(state: undefined, delay: number): unknown }) {
      task();
      this.schedule(undefined, everyMs);
    },
    everyMs,
    undefined,
  );
