import {
  catchError,
  defer,
  EMPTY,
  endWith,
  ignoreElements,
  map,
  merge,
  NEVER,
  type Observable,
  share,
  startWith,
  switchMap,
  takeUntil,
} from 'rxjs';
import type { Memory } from '../../learn/learner.ts';
import type { Pipeline } from '../../pipeline.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import type { Example } from '../../sources/example.ts';

/** What comes to a pipeline beside its source. */
export interface Company {
  /** What a reset takes the pipeline back to. */
  readonly initial: Memory;
  readonly fed?: Observable<Example>;
  readonly resets?: Observable<void>;
}

/**
 * Runs a pipeline on a source, with examples from elsewhere among its own, until the source ends;
 * each reset takes the pipeline back to what it was at first.
 */
export const runWith = (
  pipeline: Pipeline,
  examples: Observable<Example>,
  { initial, fed = NEVER, resets = NEVER }: Company,
): Observable<Snapshot> => {
  const own = examples.pipe(share());
  // An error is told by the run itself, with what had been learned by then.
  const end = own.pipe(
    ignoreElements(),
    catchError(() => EMPTY),
    endWith(undefined),
  );
  const run = (from?: Memory): Observable<Snapshot> =>
    defer(() => {
      if (from) pipeline.load(from);
      return pipeline.run(merge(own, fed.pipe(takeUntil(end))));
    });
  return resets.pipe(
    takeUntil(end),
    map(() => initial),
    startWith(undefined),
    // The run before is over when the next begins, and only then is the pipeline taken back.
    switchMap((from) => run(from)),
  );
};
