import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import type { Score } from '../evaluate/evaluation.ts';
import type { Learner, Update } from '../learn/learner.ts';
import { subscribeLinked } from '../stream/linked.ts';
import type { Snapshot } from './snapshot.ts';
import { type Measures, Summary, type SummaryOptions } from './summary.ts';

/** Options of {@link snapshot}. */
export interface SnapshotOptions extends SummaryOptions {
  /** Milliseconds between two snapshots: > 0. Default 33, some thirty a second. */
  readonly everyMs?: number;
  /** The clock. Default: real time. */
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
  { everyMs = 33, scheduler = asyncScheduler, ...options }: SnapshotOptions = {},
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
      subscriber.add(
        scheduler.schedule(
          function (this: { schedule(state: undefined, delay: number): unknown }) {
            emit();
            this.schedule(undefined, everyMs);
          },
          everyMs,
          undefined,
        ),
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
