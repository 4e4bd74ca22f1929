import { from, lastValueFrom } from 'rxjs';
import type { Task } from '../../src/encode/task.ts';
import type { LearnerName } from '../../src/node/training/learner-choice.ts';
import { learnerNames } from '../../src/node/training/learner-choice.ts';
import { initialRandom, randomUniform } from '../../src/math/random.ts';
import type { Pipeline } from '../../src/pipeline.ts';
import type { Example } from '../../src/sources/example.ts';

/** A model of which a checkpoint is kept. */
export interface CheckpointCase {
  readonly name: string;
  readonly learner: LearnerName;
  readonly task: Task;
}

const tasks = ['classification', 'regression'] as const;

/** One of each learner and task. */
export const checkpointCases: readonly CheckpointCase[] = learnerNames.flatMap((learner) =>
  tasks.map((task) => ({ name: `${learner}-${task}`, learner, task })),
);

/** How many examples a checkpoint is of; the ones after them tell whether it was resumed to the bit. */
export const examplesBefore = 120;
const examplesAfter = 40;

/** Numbers, a missing value, a category and a time; three classes, of which the last appears late. */
export const examplesOf = (task: Task): Example[] => {
  const random = initialRandom(17);
  return Array.from({ length: examplesBefore + examplesAfter }, (_, i) => {
    const [a, b] = [randomUniform(random), randomUniform(random)];
    const kind = `k${i % 3}`;
    const seen = `2026-03-0${1 + (i % 7)}T0${i % 10}:00:00Z`;
    const label = i > 60 && a + b > 1.4 ? 'late' : a > b ? 'x' : 'y';
    return {
      features: { a: 100 * a, b: i % 11 === 0 ? undefined : b, kind, seen },
      target: task === 'classification' ? label : a - 2 * b + (i % 3),
    };
  });
};

/** What a resumed model does: bit for bit the same with every version. */
export interface CheckpointBehaviour {
  readonly step: number;
  readonly predictions: readonly (readonly number[])[];
  readonly after: {
    readonly step: number;
    readonly costSum: number;
    readonly predictions: readonly (readonly number[])[];
  };
}

/** Lets a resumed pipeline predict, learn the examples that come next, and predict again. */
export const behaviourOf = async (pipeline: Pipeline, task: Task): Promise<CheckpointBehaviour> => {
  const examples = examplesOf(task).slice(examplesBefore);
  const predicted = () => examples.slice(0, 3).map((example) => [...pipeline.predict(example)]);
  const [{ step }, predictions] = [pipeline, predicted()];
  await lastValueFrom(pipeline.run(from(examples)));
  const { cost } = pipeline;
  const after = { step: pipeline.step, costSum: cost.sum, predictions: predicted() };
  return { step, predictions, after };
};
