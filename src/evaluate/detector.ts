import type { Memory, Update } from '../learn/learner.ts';
import type { Stateful } from '../stream/stateful.ts';
import { classOf, predictedClassOf } from './metric.ts';

/** What a detector says after a value: nothing new, be careful, or: the distribution has changed. */
export type Verdict = 'stable' | 'warning' | 'alarm';

/**
 * Says when the distribution of a series has changed: the costs of a learner, or its mistakes.
 * Values are finite. With an alarm it begins anew, as if the next value were the first.
 */
export type Detector<M extends Memory = Memory> = Stateful<M, number, Verdict>;

/** 1 where the class was not the one predicted, else 0: what DDM and HDDM-A watch. */
export const mistakeOf = ({ prediction, sample }: Update): number => {
  if (sample.y === undefined) return Number.NaN;
  return predictedClassOf(prediction, sample.y.length) === classOf(sample.y) ? 0 : 1;
};

/** Throws where a detector of rates is fed with what is none. */
export const requireRate = (name: string, value: number): void => {
  if (value >= 0 && value <= 1) return;
  throw new RangeError(`${name} watches rates from 0 to 1, such as mistakes, not ${value}`);
};
