/**
 * The class to decide for. Without thresholds it is the most probable one. With them it is the one
 * whose probability is the largest multiple of its threshold: with two classes and thresholds
 * [1 − t, t] the second one wherever its probability is above t, so that a rare class can be
 * caught more often. A class without a threshold has 1/2.
 */
export const decide = (
  probabilities: ArrayLike<number>,
  thresholds: ArrayLike<number> = [],
): number => {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < probabilities.length; k += 1) {
    const multiple = probabilities[k]! / (thresholds[k] ?? 0.5);
    if (multiple <= most) continue;
    best = k;
    most = multiple;
  }
  return best;
};
