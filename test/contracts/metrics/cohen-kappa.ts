import { type Formula, isRight, share } from '../metric-sums.ts';

/** How much of what chance leaves was predicted. */
export const formula: Formula = (outcomes) => {
  const chance = [0, 1]
    .map(
      (k) =>
        share(outcomes, (o) => o.trueClass === k) * share(outcomes, (o) => o.predictedClass === k),
    )
    .reduce((sum, value) => sum + value, 0);
  return (share(outcomes, isRight) - chance) / (1 - chance);
};
