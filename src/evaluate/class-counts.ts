import { NO_CLASS, type Outcome } from './metric.ts';

/** Weights by class: what was true, what was predicted, and where the two agreed. */
export type ClassCounts = {
  /** How often each class was the target. */
  truth: Float64Array;
  /** How often each class was predicted. */
  predicted: Float64Array;
  /** How often each class was predicted and right. */
  right: Float64Array;
};

/** Counts of no class yet; they grow as classes come. */
export const noClassCounts = (): ClassCounts => ({
  truth: new Float64Array(2),
  predicted: new Float64Array(2),
  right: new Float64Array(2),
});

/** Counts one outcome. */
export const countClasses = (counts: ClassCounts, outcome: Outcome): void => {
  const { trueClass, predictedClass, weight } = outcome;
  const highest = Math.max(trueClass, predictedClass);
  if (highest >= counts.truth.length) growTo(counts, highest + 1);
  counts.truth[trueClass]! += weight;
  if (predictedClass !== NO_CLASS) counts.predicted[predictedClass]! += weight;
  if (trueClass === predictedClass) counts.right[trueClass]! += weight;
};

/** Multiplies every count. */
export const scaleClasses = (counts: ClassCounts, factor: number): void => {
  scaleAll(counts.truth, factor);
  scaleAll(counts.predicted, factor);
  scaleAll(counts.right, factor);
};

/** Multiplies every number of an array, in place. */
export const scaleAll = (values: Float64Array, factor: number): void => {
  for (let i = 0; i < values.length; i += 1) values[i]! *= factor;
};

/** The sum of some counts. */
export const sumOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0);

/** Doubling, so that a stream with ever new classes is not copied at each. */
const growTo = (counts: ClassCounts, classes: number): void => {
  const length = Math.max(classes, 2 * counts.truth.length);
  counts.truth = longer(counts.truth, length);
  counts.predicted = longer(counts.predicted, length);
  counts.right = longer(counts.right, length);
};

const longer = (values: Float64Array, length: number): Float64Array => {
  const out = new Float64Array(length);
  out.set(values);
  return out;
};
