import type { Observable } from 'rxjs';
import type { Audience } from '../../../pipeline.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { Training } from '../../training/training.ts';
import type { TrainingModel } from '../../training/training-model.ts';
import type { TrainingOptions } from '../../training/training-options.ts';
import { unknownClassNotice } from '../options/class-options.ts';
import type { LearnCommandOptions } from '../options/learn-options.ts';
import { openRejects } from '../options/rejects-option.ts';
import { PredictionsFile } from '../prediction/predictions-file.ts';
import { nothingLearned } from '../reports/nothing-learned.ts';
import { classTables } from '../reports/outcome.ts';
import { progressBar } from '../reports/progress-bar.ts';
import { connectionLines } from '../terminal/connection-lines.ts';
import { oneLine } from '../terminal/misuse.ts';
import type { SavedModel } from './saved-model.ts';

/** How a training ended. */
interface Ended {
  readonly last: Snapshot;
  readonly seconds: number;
  /** A signal ended it before its source did. */
  readonly isInterrupted: boolean;
}

/**
 * Trains until the source or a signal ends it. Rejects with a SourceError where nothing at all was
 * learned.
 */
const runToEnd = (
  snapshots: Observable<Snapshot>,
  training: TrainingModel,
  show: (snapshot: Snapshot) => void,
): Promise<Ended> =>
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

/** How a command trains, and what it says in the end. */
export interface RunAndReport extends Pick<TrainingOptions, 'metrics' | 'passes'> {
  /** The file that predictions are written to. Default: none. */
  readonly predictions?: string;
  readonly audience?: Audience;
  /** What is printed when it has ended. */
  readonly report: (training: Training, ended: Ended) => string;
  /** Where the model is written when it has ended. Default: nowhere. */
  readonly saved?: SavedModel;
  /** Told of each snapshot on the way. */
  readonly watch?: (snapshot: Snapshot) => void;
}

/** Milliseconds between two moves of the progress bar. */
const everyMs = 100;

/** Trains to the end of the source with a progress bar, and prints the report. */
export const runAndReport = async (
  specs: readonly string[],
  options: LearnCommandOptions,
  { report, watch, audience, saved, predictions: path, ...extras }: RunAndReport,
): Promise<void> => {
  const rejects = openRejects(specs, options);
  const predictions =
    path === undefined
      ? undefined
      : new PredictionsFile(path, {
          ...{ specs, hasId: options.id !== undefined, threshold: options.threshold },
          classes: () => training.pipeline?.classes,
        });
  const training: Training = new Training(specs, {
    ...{ ...options, everyMs, ...extras, tables: classTables },
    connections: connectionLines(process.stderr),
    ...(predictions && { updates: predictions }),
    rejected: {
      next(rejection) {
        rejects?.next(rejection);
        predictions?.reject(rejection);
      },
    },
  });
  const { samples } = options;
  const progress = progressBar(training.source, samples === undefined ? {} : { samples });
  try {
    const ended = await runToEnd(training.snapshots(audience), training, (snapshot) => {
      progress.show(snapshot);
      watch?.(snapshot);
    });
    progress.clear();
    predictions?.close();
    await saved?.write(training);
    process.stdout.write(report(training, ended));
    const notice = unknownClassNotice(options, training.pipeline?.classes);
    if (notice !== undefined) process.stderr.write(`rivulet: ${oneLine(notice)}\n`);
    if (ended.isInterrupted) process.exitCode = 130;
  } finally {
    progress.clear();
    await rejects?.close();
    await saved?.close();
  }
};
