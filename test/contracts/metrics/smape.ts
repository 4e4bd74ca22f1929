import { type Formula, meanOf, overOutputs } from '../metric-sums.ts';

/** The mean of 2|y − h| / (|y| + |h|), 0 where both are 0. */
export const formula: Formula = (outcomes) =>
  meanOf(outcomes, (o) =>
    overOutputs(o, (i) => {
      const gap = Math.abs(o.y[i]! - o.prediction[i]!);
      return gap === 0 ? 0 : (2 * gap) / (Math.abs(o.y[i]!) + Math.abs(o.prediction[i]!));
    }),
  );
