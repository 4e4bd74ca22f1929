import type { Outcome } from '../../../src/evaluate/metric.ts';
import { type Formula, meanOf } from '../metric-sums.ts';

/** The share of pairs of a one and a zero in which the one has the higher probability. */
export const formula: Formula = (outcomes) => {
  const ones = outcomes.filter(({ trueClass }) => trueClass === 1);
  const zeros = outcomes.filter(({ trueClass }) => trueClass === 0);
  const beats = (one: Outcome, zero: Outcome) =>
    (Math.sign(one.prediction[1]! - zero.prediction[1]!) + 1) / 2;
  return meanOf(ones, (one) => meanOf(zeros, (zero) => beats(one, zero)));
};
