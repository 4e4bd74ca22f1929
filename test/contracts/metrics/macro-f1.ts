import { type Formula, isRight, mean, total } from '../metric-sums.ts';

/** The mean over the classes of the harmonic mean of precision and recall. */
export const formula: Formula = (outcomes) =>
  mean(
    [0, 1].map((k) => {
      const right = total(outcomes, (o) => (isRight(o) && o.trueClass === k ? 1 : 0));
      const precision = right / total(outcomes, (o) => (o.predictedClass === k ? 1 : 0));
      const recall = right / total(outcomes, (o) => (o.trueClass === k ? 1 : 0));
      return (2 * precision * recall) / (precision + recall);
    }),
  );
