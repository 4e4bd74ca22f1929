import { type Formula, meanOf, overOutputs } from '../metric-sums.ts';

/** The square root of the mean of (y − h)². */
export const formula: Formula = (outcomes) =>
  Math.sqrt(meanOf(outcomes, (o) => overOutputs(o, (i) => (o.y[i]! - o.prediction[i]!) ** 2)));
