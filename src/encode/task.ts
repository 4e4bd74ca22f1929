import type { Example } from '../sources/example.ts';

/** What is predicted: one of several classes, or a number. */
export type Task = 'classification' | 'regression';

/** How many rows {@link inferTask} looks at. */
export const TASK_ROWS = 1_000;

/** Integers with more distinct values than this are amounts, not classes. */
const CLASSES_MAX = 50;

/** Integers with at most this many distinct values are classes, however often each of them is there. */
const SURE_CLASSES_MAX = 10;

/** Whether an example has no target: it is predicted, not learned from. */
export const isUnlabelled = ({ target }: Example): boolean =>
  target === undefined || target === null || target === '';

/** A task, and why it was inferred. */
export interface InferredTask {
  /** What is predicted. */
  readonly task: Task;
  /** One line for people, with the option that overrides it. */
  readonly reason: string;
}

/**
 * What the first rows (at most {@link TASK_ROWS}) suggest: text, booleans, or a few integers are
 * classes, else it is a regression. Up to 10 distinct integers are classes; up to 50 are, unless they
 * look like counts: many of them rare, and the rarer the farther from their mean. A few texts among
 * numbers that are not classes count as bad rows.
 */
export const inferTask = (examples: Iterable<Example>): Task => inferredTask(examples).task;

/** The same as {@link inferTask}, with the reason. */
export const inferredTask = (examples: Iterable<Example>): InferredTask => {
  const targets = firstTargets(examples);
  const numbers = targets.filter((target) => typeof target === 'number');
  const distinct = new Set(targets).size;
  if (targets.length > 0 && numbers.length * 2 <= targets.length) {
    return classes(`${distinct} distinct ${distinct === 1 ? 'text' : 'texts'}`);
  }
  if (!numbers.every(Number.isInteger)) return amounts('numbers with fractions');
  const values = new Set(numbers).size;
  const what = `${values} distinct ${values === 1 ? 'integer' : 'integers'}`;
  if (values === 0) return amounts('no values');
  if (values > CLASSES_MAX) return amounts(what);
  if (values > SURE_CLASSES_MAX && lookLikeCounts(numbers)) {
    return amounts(`${what} that look like counts`);
  }
  return classes(what);
};

const classes = (what: string): InferredTask => ({
  task: 'classification',
  reason: `${what}, treated as classes; use --task regression for amounts`,
});

const amounts = (what: string): InferredTask => ({
  task: 'regression',
  reason: `${what}, treated as amounts; use --task classification for classes`,
});

/** A value is rare that comes less often than this share of the mean frequency. */
const rareShare = 0.2;

/** Whether at least a tenth of the values are rare, and frequency falls with the distance from the mean. */
const lookLikeCounts = (numbers: readonly number[]): boolean => {
  const frequencies = new Map<number, number>();
  for (const value of numbers) frequencies.set(value, (frequencies.get(value) ?? 0) + 1);
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const typical = numbers.length / frequencies.size;
  const counts = [...frequencies.values()];
  const rare = counts.filter((count) => count < rareShare * typical).length;
  if (rare * 10 < counts.length) return false;
  const distances = Array.from(frequencies.keys(), (value) => Math.abs(value - mean));
  return correlation(distances, counts) < -0.5;
};

const correlation = (a: readonly number[], b: readonly number[]): number => {
  const [meanA, meanB] = [a, b].map(
    (list) => list.reduce((sum, one) => sum + one, 0) / list.length,
  );
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (const [i, one] of a.entries()) {
    const [da, db] = [one - meanA!, b[i]! - meanB!];
    product += da * db;
    squaresA += da * da;
    squaresB += db * db;
  }
  return squaresA * squaresB === 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
};

const firstTargets = (examples: Iterable<Example>): unknown[] => {
  const targets: unknown[] = [];
  let rows = 0;
  for (const example of examples) {
    if (!isUnlabelled(example)) targets.push(example.target);
    rows += 1;
    if (rows === TASK_ROWS) break;
  }
  return targets;
};
