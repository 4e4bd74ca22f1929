import { type Formula, isRight, share } from '../metric-sums.ts';

/** How much better than predicting the class before. */
export const formula: Formula = (outcomes) => {
  const later = outcomes.slice(1);
  const before = new Map(later.map((outcome, i) => [outcome, outcomes[i]!.trueClass]));
  const unchanged = share(later, (outcome) => before.get(outcome) === outcome.trueClass);
  return (share(later, isRight) - unchanged) / (1 - unchanged);
};
