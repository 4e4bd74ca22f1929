import { type Formula, mean, meanOf, total } from '../metric-sums.ts';

/** The mean over the outputs of 1 − Σ(y − h)² / Σ(y − mean)². */
export const formula: Formula = (outcomes) =>
  mean(
    [0, 1].map((i) => {
      const middle = meanOf(outcomes, ({ y }) => y[i]!);
      const residual = total(outcomes, ({ y, prediction }) => (y[i]! - prediction[i]!) ** 2);
      return 1 - residual / total(outcomes, ({ y }) => (y[i]! - middle) ** 2);
    }),
  );
