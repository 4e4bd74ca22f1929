import type { Task } from '../../encode/task.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';

/** What came of a training, as `--json` prints it. */
export interface TrainingOutcome {
  /** Learned samples. */
  readonly samples: number;
  readonly rejected: number;
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

/** The outcome that a training's last snapshot tells. */
export const outcomeOf = (
  { step, cost, metrics, baseline }: Snapshot,
  { task, rejected, seconds }: { task: Task; rejected: number; seconds: number },
): TrainingOutcome => {
  const measure = task === 'classification' ? 'accuracy' : 'mae';
  return {
    samples: step,
    rejected,
    task,
    ...(metrics[measure] === undefined ? {} : { [measure]: metrics[measure] }),
    cost: cost.mean,
    noChange: baseline[measure] ?? null,
    samplesPerSecond: Math.round(step / Math.max(seconds, 1e-3)),
  };
};
