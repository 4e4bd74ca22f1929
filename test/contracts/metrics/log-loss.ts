import { type Formula, meanOf } from '../metric-sums.ts';

/** The mean of −ln p of the true class. */
export const formula: Formula = (outcomes) =>
  meanOf(outcomes, (o) => -Math.log(o.prediction[o.trueClass]!));
