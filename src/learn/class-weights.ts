import type { Sample } from '../sources/sample.ts';
import { isWeight } from '../sources/sample-range.ts';
import { labelOf } from './targets.ts';

/** How much each sample of a class counts, by the name of the class: 0 to 1e6. A class that is not named counts 1. */
export type ClassWeights = Readonly<Record<string, number>>;

/** Throws a RangeError where a class has a weight that is not from 0 to 1e6. */
const checkClassWeights = (weights: ClassWeights): void => {
  for (const [label, weight] of Object.entries(weights)) {
    if (isWeight(weight)) continue;
    throw new RangeError(
      `the weight of class "${label}" must be a number from 0 to 1e6, not ${weight}`,
    );
  }
};

/** The sample with its weight multiplied by a factor. */
export const weighing = (sample: Sample, factor: number): Sample => ({
  ...sample,
  weight: (sample.weight ?? 1) * factor,
});

/** A sample with the weight that another has. */
export const withWeightOf = (sample: Sample, { weight }: Sample): Sample => {
  const { weight: _, ...rest } = sample;
  return weight === undefined ? rest : { ...rest, weight };
};

/**
 * How much a labelled sample counts by its class. `classes` are the names in the order of the outputs,
 * as of now. Throws a RangeError where a class has a weight that is not from 0 to 1e6.
 */
export const classFactor = (
  weights: ClassWeights,
  classes: () => readonly string[],
): ((sample: Sample) => number) => {
  checkClassWeights(weights);
  return ({ y }) => weights[classes()[labelOf(y!)] ?? ''] ?? 1;
};
