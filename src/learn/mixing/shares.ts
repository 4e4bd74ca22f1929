/**
 * Bayes' rule with a fixed share: w ← wL, normalised, then w ← (1 − a)w + a/n. No weight ever
 * falls so low that it could not come back, so the mix follows a drift by itself.
 * M. Herbster and M. Warmuth, "Tracking the Best Expert", 1998.
 */
export const updateShares = (
  shares: Float64Array,
  likelihoods: ArrayLike<number>,
  fixedShare = 0.01,
): void => {
  let sum = 0;
  for (let e = 0; e < shares.length; e += 1) {
    shares[e]! *= likelihoods[e]!;
    sum += shares[e]!;
  }
  const least = fixedShare / shares.length;
  for (let e = 0; e < shares.length; e += 1) {
    const share = sum > 0 ? shares[e]! / sum : 1 / shares.length;
    shares[e] = (1 - fixedShare) * share + least;
  }
};

/** As much trust in each. */
export const equalShares = (count: number): Float64Array => new Float64Array(count).fill(1 / count);
