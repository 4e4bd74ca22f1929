import type { Outcome } from '../../src/evaluate/metric.ts';

/** A metric as its definition says, over a whole batch at once. Two outputs, y one-hot. */
export type Formula = (outcomes: readonly Outcome[]) => number;

/** Σ weight × value. */
export const total = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  outcomes.reduce((sum, outcome) => sum + outcome.weight * of(outcome), 0);

/** The weighted mean. */
export const meanOf = (outcomes: readonly Outcome[], of: (outcome: Outcome) => number): number =>
  total(outcomes, of) / total(outcomes, () => 1);

/** Whether the class was predicted. */
export const isRight = ({ trueClass, predictedClass }: Outcome): boolean =>
  trueClass === predictedClass;

/** The mean over the outputs. */
export const overOutputs = ({ y }: Outcome, of: (i: number) => number): number =>
  Array.from(y, (_, i) => of(i)).reduce((sum, value) => sum + value, 0) / y.length;

/** The classes that occur. */
export const classesIn = (outcomes: readonly Outcome[]): number[] => [
  ...new Set(outcomes.map(({ trueClass }) => trueClass)),
];

/** The plain mean. */
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The weighted share. */
export const share = (outcomes: readonly Outcome[], has: (outcome: Outcome) => boolean): number =>
  meanOf(outcomes, (outcome) => (has(outcome) ? 1 : 0));
