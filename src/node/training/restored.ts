import type { Task } from '../../encode/task.ts';
import { standardMetrics } from '../../evaluate/standard-metrics.ts';
import type { Learner } from '../../learn/learner.ts';
import { Pipeline } from '../../pipeline.ts';
import { type Checkpoint, CheckpointError } from '../../snapshot/checkpoint.ts';
import { nonFiniteIn } from '../../snapshot/finite-memory.ts';
import { classOptionsOf, classParts } from './class-options.ts';
import { chooseLearner, type LearnerName, learnerNames } from './learner-choice.ts';
import { checkComposition } from './resume.ts';
import { savedColumns } from './training-columns.ts';

/** A model that was made from a checkpoint alone, without its source. */
export interface Restored {
  readonly pipeline: Pipeline;
  readonly learner: Learner;
}

/** Whether the command line made a checkpoint; one of a program of somebody's own has other parts. */
export const isOfCommandLine = ({ model }: Pick<Checkpoint, 'model'>): boolean =>
  learnerNames.some((name) => name === model['learner']) &&
  (model['task'] === 'classification' || model['task'] === 'regression');

/** The model of a checkpoint that the command line made. Throws an Error that names what does not fit. */
export const restored = ({ model, memory }: Pick<Checkpoint, 'model' | 'memory'>): Restored => {
  const task = model['task'] as Task;
  const featureMax = numberOr(model['featureMax'], 0);
  const classOptions = classOptionsOf(model);
  const choice = chooseLearner(model['learner'] as LearnerName, {
    task,
    seed: numberOr(model['seed'], 1),
    inputCount: numberOr(model['inputCount'], 1),
    outputCount: numberOr(model['outputCount'], 1),
    isBalanced: classOptions.classWeights === 'balanced',
    ...(featureMax > 0 && { featureMax }),
  });
  const pipeline = new Pipeline({
    ...{ task, ...choice, metrics: standardMetrics(task) },
    ...classParts(task, classOptions),
    // A model that was saved without types reads each cell by itself.
    ...(memory['preparation'] !== null && { preparation: savedColumns() }),
  });
  checkComposition(model, choice.learner);
  pipeline.load(memory);
  return { pipeline, learner: choice.learner };
};

const numberOr = (value: string | number | undefined, other: number): number =>
  typeof value === 'number' ? value : other;

/**
 * Lets the model of a checkpoint predict and learn one sample in memory. Throws an Error that says what it
 * cannot do: restore, predict, learn, or stay finite.
 */
export const tryOut = (checkpoint: Checkpoint): void => {
  const { learner } = restored(checkpoint);
  const x = new Float64Array(learner.inputCount);
  const y = new Float64Array(learner.outputCount);
  if (checkpoint.model['task'] === 'classification') y[0] = 1;
  const prediction = learner.predict(x);
  if (nonFiniteIn(prediction) !== undefined) throw new CheckpointError('it predicts no number');
  const cost = learner.learn(x, y);
  if (!Number.isFinite(cost)) throw new CheckpointError(`it learns a sample at a cost of ${cost}`);
  const notFinite = nonFiniteIn(learner.save());
  if (notFinite !== undefined) throw new CheckpointError(`it learns, and then ${notFinite}`);
};
