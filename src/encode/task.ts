import type { Example } from '../sources/example.ts';

/** What is predicted: one of several classes, or a number. */
export type Task = 'classification' | 'regression';

/** How many rows {@link inferTask} looks at. */
export const TASK_ROWS = 1_000;

/** Integers with more distinct values than this are amounts, not classes. */
const CLASSES_MAX = 50;

/** Whether an example has no target: it is predicted, not learned from. */
export const isUnlabelled = ({ target }: Example): boolean =>
  target === undefined || target === null || target === '';

/**
 * What the first rows (at most {@link TASK_ROWS}) suggest: text, booleans, or integers with at
 * most 50 distinct values are classes, else it is a regression. A few texts among numbers that
 * are no classes are taken for bad rows.
 */
export const inferTask = (examples: Iterable<Example>): Task => {
  const targets = firstTargets(examples);
  const numbers = targets.filter((target) => typeof target === 'number');
  if (targets.length > 0 && numbers.length * 2 <= targets.length) return 'classification';
  const areClasses = numbers.every(Number.isInteger) && new Set(numbers).size <= CLASSES_MAX;
  return areClasses && numbers.length > 0 ? 'classification' : 'regression';
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
