import { from } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Task } from '../../src/encode/task.ts';
import type { Learner } from '../../src/learn/learner.ts';
import type { TaskOptions } from '../../src/learn/targets.ts';
import { initialRandom, randomNormal, randomUniform, shuffle } from '../../src/math/random.ts';
import { Pipeline } from '../../src/pipeline.ts';
import type { Example } from '../../src/sources/example.ts';

/** A learner that takes records as they come, by what makes it. */
export type MakeLearner = (options: TaskOptions) => Learner;

/**
 * What River asks of every estimator (river/checks), and the records that break careless ones: each
 * learner must pass behind the encoder, with no setting of its own.
 */
export const estimatorChecks = (name: string, make: MakeLearner): void => {
  describe.each(['classification', 'regression'] as const)(`${name}, %s`, (task) => {
    test('answers before it has learned anything', () => answersFirst(make, task));
    test('leaves what it learns from as it was', () => leavesExamples(make, task));
    test('does not care in which order features come', () => ignoresOrder(make, task));
    test('predicts the same whether it predicts in between or not', () => asksFreely(make, task));
    test('gives the same with the same seed', () => repeats(make, task));
    test('resumes from what was saved as if never stopped', () => resumes(make, task));
    test.each(Object.entries(partialRecords))('takes features that %s', (_name, kept) =>
      takesPartial(make, task, kept),
    );
    test.each(Object.entries(hardRecords[task]))('survives %s', (_name, records) =>
      survives(make, task, records()),
    );
  });
};

const pipelineOf = (make: MakeLearner, task: Task): Pipeline =>
  new Pipeline({ task, learner: make({ task, inputCount: 1, outputCount: 1, seed: 3 }) });

const learnAll = (pipeline: Pipeline, examples: readonly Example[]): Pipeline => {
  from(examples)
    .pipe((source) => pipeline.run(source))
    .subscribe();
  return pipeline;
};

const rooms = ['hall', 'attic', 'cellar'];

/** Ordinary records: numbers on several scales, a text, a boolean, and a target that follows. */
const ordinary = (task: Task, count = 120): Example[] => {
  const random = initialRandom(7);
  return Array.from({ length: count }, (_, i) => {
    const [heat, wind] = [20 + 5 * randomNormal(random), randomUniform(random)];
    const open = randomUniform(random) < 0.5;
    const features = { heat, wind, load: 1e4 * randomNormal(random), room: rooms[i % 3], open };
    const amount = heat + 10 * wind + (open ? 3 : 0);
    return { features, target: task === 'regression' ? amount : amount > 26 ? 'warm' : 'cold' };
  });
};

const predictions = (pipeline: Pipeline, examples: readonly Example[]): number[][] =>
  examples.map((example) => Array.from(pipeline.predict(example)));

const expectFinite = (rows: readonly number[][]): void => {
  for (const row of rows) {
    expect(row.length).toBeGreaterThan(0);
    for (const value of row) expect(value).toSatisfy(Number.isFinite);
  }
};

const answersFirst = (make: MakeLearner, task: Task): void => {
  const questions = [{ features: {} }, ...ordinary(task, 3)];
  expectFinite(predictions(pipelineOf(make, task), questions));
};

const leavesExamples = (make: MakeLearner, task: Task): void => {
  const examples = ordinary(task, 20);
  for (const example of examples) Object.freeze(Object.freeze(example).features);
  const before = structuredClone(examples);
  const pipeline = learnAll(pipelineOf(make, task), examples);
  expect(examples).toEqual(before);
  expect(pipeline.step).toBe(examples.length);
};

const ignoresOrder = (make: MakeLearner, task: Task): void => {
  const [first, ...rest] = ordinary(task) as [Example, ...Example[]];
  const random = initialRandom(1);
  const mixed = rest.map((example) => {
    const entries = Object.entries(example.features);
    shuffle(random, entries);
    return { ...example, features: Object.fromEntries(entries) };
  });
  const inOrder = learnAll(pipelineOf(make, task), [first, ...rest]);
  const shuffled = learnAll(pipelineOf(make, task), [first, ...mixed]);
  expect(predictions(shuffled, mixed)).toEqual(predictions(inOrder, rest));
};

const asksFreely = (make: MakeLearner, task: Task): void => {
  const examples = ordinary(task);
  const [quiet, asked] = [pipelineOf(make, task), pipelineOf(make, task)];
  for (const example of examples) {
    predictions(asked, [example, { features: { heat: 1e6, room: 'a new one', more: 1 } }]);
    learnAll(asked, [example]);
    learnAll(quiet, [example]);
  }
  expect(asked.save()).toEqual(quiet.save());
};

const repeats = (make: MakeLearner, task: Task): void => {
  const [one, other] = [1, 2].map(() => learnAll(pipelineOf(make, task), ordinary(task)));
  expect(predictions(one!, ordinary(task, 10))).toEqual(predictions(other!, ordinary(task, 10)));
};

const resumes = (make: MakeLearner, task: Task): void => {
  const examples = ordinary(task);
  const whole = learnAll(pipelineOf(make, task), examples);
  const half = learnAll(pipelineOf(make, task), examples.slice(0, 60));
  const resumed = pipelineOf(make, task);
  resumed.load(half.save());
  learnAll(resumed, examples.slice(60));
  expect(predictions(resumed, examples)).toEqual(predictions(whole, examples));
};

type Kept = (names: readonly string[], i: number, random: Uint32Array) => readonly string[];

/** Which of the names a record has, by its position. */
const partialRecords: Record<string, Kept> = {
  'emerge one by one': (names, i) => names.slice(0, 1 + Math.floor(i / 10)),
  'disappear one by one': (names, i) => names.slice(Math.floor(i / 20)),
  'disappear all at once': (names, i) => (i < 60 ? names : names.slice(-1)),
  'are others than before': (names, i) => (i < 60 ? names.slice(0, 2) : names.slice(2)),
  'come and go': (names, _i, random) => names.filter(() => randomUniform(random) < 0.5),
  'never come': () => [],
};

const takesPartial = (make: MakeLearner, task: Task, kept: Kept): void => {
  const random = initialRandom(2);
  const examples = ordinary(task).map((example, i) => {
    const names = kept(Object.keys(example.features), i, random);
    const features = Object.fromEntries(names.map((name) => [name, example.features[name]]));
    return { ...example, features };
  });
  const pipeline = pipelineOf(make, task);
  for (const [i, example] of examples.entries()) {
    if (i % 10 === 0) expectFinite(predictions(pipeline, [example, ordinary(task, 1)[0]!]));
    learnAll(pipeline, [example]);
  }
  expect([pipeline.step, pipeline.rejected]).toEqual([examples.length, 0]);
};

const rows = (count: number, row: (i: number) => Example): (() => Example[]) => {
  return () => Array.from({ length: count }, (_, i) => row(i));
};

const hardFeatures = (target: (i: number) => number | string) => ({
  'a feature that is text on one row and a number on the next': rows(60, (i) => ({
    features: { a: i % 2 === 0 ? `t${i % 4}` : i },
    target: target(i),
  })),
  'very many names in few records': rows(20, (i) => ({
    features: Object.fromEntries(Array.from({ length: 100 }, (_, j) => [`n${i * 100 + j}`, j])),
    target: target(i),
  })),
  'empty records': rows(20, (i) => ({ features: {}, target: target(i) })),
  'names that mean something to JavaScript': rows(20, (i) => ({
    features: JSON.parse(`{"__proto__": ${i}, "constructor": "x", "hasOwnProperty": true}`),
    target: target(i),
  })),
  'values of 1e300': rows(40, (i) => ({
    features: { a: i % 3 === 0 ? 1e300 : i, b: i % 5 === 0 ? -1e300 : 1e-300 },
    target: target(i),
  })),
});

const hardRecords = {
  classification: {
    ...hardFeatures((i) => (i % 2 === 0 ? 'even' : 'odd')),
    'one class only': rows(40, (i) => ({ features: { a: i }, target: 'same' })),
    'a class seen once': rows(40, (i) => ({ features: { a: i }, target: i === 20 ? 'b' : 'a' })),
    'a new class on every row': rows(40, (i) => ({ features: { a: i }, target: `class ${i}` })),
  },
  regression: {
    ...hardFeatures((i) => i % 7),
    'a constant target': rows(40, (i) => ({ features: { a: i }, target: 3 })),
    'a target that jumps by 1e6': rows(80, (i) => ({
      features: { a: i % 5 },
      target: (i < 40 ? 0 : 1e6) + (i % 5),
    })),
  },
};

const survives = (make: MakeLearner, task: Task, examples: readonly Example[]): void => {
  const pipeline = pipelineOf(make, task);
  for (const example of examples) {
    learnAll(pipeline, [example]);
    expectFinite(predictions(pipeline, [example]));
  }
  expect([pipeline.step, pipeline.rejected]).toEqual([examples.length, 0]);
};
