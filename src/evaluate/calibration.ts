import { requireWhole } from '../math/limits.ts';
import { scaleAll } from './class-counts.ts';
import type { Measure, Outcome } from './metric.ts';
import { probabilityOf } from './probability.ts';

/** Of each bin of confidence: Σ weight, Σ weight of the right ones, Σ weight × confidence. */
export type CalibrationMemory = {
  all: Float64Array;
  right: Float64Array;
  confidence: Float64Array;
};

/** Options of {@link calibration}. */
export interface CalibrationOptions {
  /** Bins of equal width over the confidences from 0 to 1. Default 10; 1 to 1,000. */
  readonly bins?: number;
}

/** The samples that were predicted with about the same confidence. */
export interface CalibrationBin {
  /** The least confidence in it, between 0 and 1. */
  readonly from: number;
  /** The greatest confidence in it, between 0 and 1. */
  readonly to: number;
  /** The weight of the samples in it. */
  readonly count: number;
  /** Their mean confidence, and the fraction that was right; NaN in an empty bin. */
  readonly confidence: number;
  /** The share of right predictions in it, between 0 and 1. */
  readonly accuracy: number;
}

/** A table of how often predictions of each confidence were right. */
export const calibration = (
  options: CalibrationOptions = {},
): Measure<CalibrationMemory, readonly CalibrationBin[]> => ({
  ...binned(options),
  name: 'calibration',
  value: ({ all, right, confidence }) =>
    Array.from(all, (count, i) => ({
      from: i / all.length,
      to: (i + 1) / all.length,
      count,
      confidence: confidence[i]! / count,
      accuracy: right[i]! / count,
    })),
});

/** The parts of a measure of confidence: all but its name and its value. */
export const binned = ({
  bins = 10,
}: CalibrationOptions): Omit<Measure<CalibrationMemory>, 'name' | 'value' | 'exact'> => {
  requireWhole('bins', bins, [1, 1000]);
  return {
    initial: () => ({
      all: new Float64Array(bins),
      right: new Float64Array(bins),
      confidence: new Float64Array(bins),
    }),
    update: addToBins,
    scale({ all, right, confidence }, factor) {
      scaleAll(all, factor);
      scaleAll(right, factor);
      scaleAll(confidence, factor);
    },
  };
};

/** The bin is that of the probability that was given to the predicted class. */
const addToBins = (memory: CalibrationMemory, outcome: Outcome): void => {
  const { predictedClass, trueClass, weight } = outcome;
  const { all, right, confidence } = memory;
  const probability = probabilityOf(outcome, predictedClass);
  const bin = Math.min(Math.floor(probability * all.length), all.length - 1);
  all[bin]! += weight;
  confidence[bin]! += weight * probability;
  if (predictedClass === trueClass) right[bin]! += weight;
};
