import {
  catchError,
  defer,
  EMPTY,
  endWith,
  ignoreElements,
  map,
  Observable,
  type OperatorFunction,
  share,
  startWith,
  switchMap,
  takeUntil,
} from 'rxjs';
import type { Memory } from '../../learn/learner.ts';
import type { Pipeline } from '../../pipeline.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import type { Example } from '../../sources/example.ts';
import { subscribeLinked } from '../../stream/linked.ts';

/** Completes after `samples` learned samples, without waiting for another example. */
export const untilLearned =
  (pipeline: Pipeline, samples?: number): OperatorFunction<Example, Example> =>
  (examples) => {
    if (samples === undefined) return examples;
    return new Observable((subscriber) => {
      if (pipeline.step >= samples) {
        subscriber.complete();
        return;
      }
      subscribeLinked(examples, subscriber, {
        next(example) {
          subscriber.next(example);
          // To ask has it learned at once: those that come after the last one are not taken.
          if (pipeline.step >= samples) subscriber.complete();
        },
      });
    });
  };

/** How a pipeline is reset while it runs. */
export interface Resets {
  /** Each value resets the pipeline. */
  readonly resets: Observable<void>;
  /** The memory that it is reset to. */
  readonly initial: Memory;
}

/**
 * Runs a pipeline on a source until the source ends; each reset takes the pipeline back to its
 * initial memory.
 */
export const runResettable = (
  pipeline: Pipeline,
  examples: Observable<Example>,
  { resets, initial }: Resets,
): Observable<Snapshot> => {
  const own = examples.pipe(share());
  // The run itself reports an error, with what had been learned by then.
  const end = own.pipe(
    ignoreElements(),
    catchError(() => EMPTY),
    endWith(undefined),
  );
  const run = (from?: Memory): Observable<Snapshot> =>
    defer(() => {
      if (from) pipeline.load(from);
      return pipeline.run(own);
    });
  return resets.pipe(
    takeUntil(end),
    map(() => initial),
    startWith(undefined),
    // The run before is over when the next begins, and only then is the pipeline taken back.
    switchMap((from) => run(from)),
  );
};
