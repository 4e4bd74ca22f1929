import type { Task } from '../../../encode/task.ts';
import { confusionMatrix } from '../../../evaluate/confusion-matrix.ts';
import type { Measure } from '../../../evaluate/metric.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { Training } from '../../training/training.ts';
import { droppedBefore, type TrainingModel } from '../../training/training-model.ts';
import {
  type ClassFigures,
  type ClassOutcome,
  type Confusion,
  classOutcome,
} from './class-figures.ts';

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
  /** The figures of each class, in the order of the model; absent if they were not counted. */
  readonly classes?: readonly ClassFigures[];
  /** What was predicted where each class was true; absent with `classes`, or where there are over 100. */
  readonly confusion?: Confusion;
}

/** How long a training took. */
export interface Duration {
  readonly seconds: number;
  /** Samples learned before, by the process whose checkpoint it resumed from. Default 0. */
  readonly before?: number;
}

/** The outcome of a training that has a model, and its last snapshot. */
export const outcomeOf = (
  training: TrainingModel,
  { step, cost, metrics, baseline }: Snapshot,
  { seconds, before = 0 }: Duration,
): RunOutcome => {
  const { rejections, source, shape } = training;
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
    ...classesOf(training),
  };
};

/** The tables that a training needs for figures of classes. */
export const classTables = (task: Task): { readonly confusion?: Measure } =>
  task === 'classification' ? { confusion: confusionMatrix({ classesMax: 1_000 }) as Measure } : {};

const classesOf = (training: TrainingModel): ClassOutcome | undefined => {
  if (!(training instanceof Training)) return undefined;
  const { classes = [], tables } = training.pipeline!;
  const table = tables['confusion'];
  return table === undefined ? undefined : classOutcome(classes, table as number[][]);
};
