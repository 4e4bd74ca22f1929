import type { Task } from '../../../encode/task.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { droppedBefore, type TrainingModel } from '../../training/training-model.ts';

/** What came of a training, as `--json` prints it. */
export interface RunOutcome {
  /** Learned samples. */
  readonly samples: number;
  readonly rejected: number;
  /** Samples left out because more came than could wait. */
  readonly dropped: number;
  readonly task: Task;
  /** The share of right answers, each given before its sample was learned from. */
  readonly accuracy?: number;
  /** The mean absolute error, in the target's own unit. */
  readonly mae?: number;
  /** J_total. */
  readonly cost: number;
  /** The same measure for "as last time". */
  readonly noChange: number | null;
  readonly samplesPerSecond: number;
}

/** How long a training took. */
export interface Duration {
  readonly seconds: number;
  /** Samples learned before, by a process whose checkpoint it went on with. Default 0. */
  readonly before?: number;
}

/** The outcome of a training that has a model, and its last snapshot. */
export const outcomeOf = (
  { rejections, source, shape }: TrainingModel,
  { step, cost, metrics, baseline }: Snapshot,
  { seconds, before = 0 }: Duration,
): RunOutcome => {
  const { task } = shape!;
  const measure = task === 'classification' ? 'accuracy' : 'mae';
  return {
    samples: step,
    rejected: rejections.count,
    dropped: droppedBefore(source),
    task,
    ...(metrics[measure] === undefined ? {} : { [measure]: metrics[measure] }),
    cost: cost.mean,
    noChange: baseline[measure] ?? null,
    samplesPerSecond: Math.round(Math.max(0, step - before) / Math.max(seconds, 1e-3)),
  };
};
