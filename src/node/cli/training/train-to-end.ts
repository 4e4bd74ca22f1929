import type { Observable } from 'rxjs';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import type { TrainingModel } from '../../training/training-model.ts';
import { nothingLearned } from '../reports/nothing-learned.ts';

/** How a training ended. */
export interface TrainedToEnd {
  readonly last: Snapshot;
  readonly seconds: number;
  /** A signal ended it before its source did. */
  readonly isInterrupted: boolean;
}

/**
 * Trains until the source or a signal ends it. Rejects with a SourceError where nothing at all was
 * learned.
 */
export const trainToEnd = (
  snapshots: Observable<Snapshot>,
  training: TrainingModel,
  show: (snapshot: Snapshot) => void,
): Promise<TrainedToEnd> =>
  new Promise((resolve, reject) => {
    const startMs = performance.now();
    let last: Snapshot | undefined;
    const finish = (isInterrupted: boolean): void => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      const seconds = (performance.now() - startMs) / 1000;
      if (last !== undefined && last.step > 0) resolve({ last, seconds, isInterrupted });
      else reject(nothingLearned(training));
    };
    const interrupt = (): void => {
      subscription.unsubscribe();
      finish(true);
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    const subscription = snapshots.subscribe({
      next(snapshot) {
        last = snapshot;
        show(snapshot);
      },
      error: reject,
      complete: () => finish(false),
    });
  });
