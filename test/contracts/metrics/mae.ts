import { type Formula, meanOf, overOutputs } from '../metric-sums.ts';

/** The mean of |y − h|. */
export const formula: Formula = (outcomes) =>
  meanOf(outcomes, (o) => overOutputs(o, (i) => Math.abs(o.y[i]! - o.prediction[i]!)));
