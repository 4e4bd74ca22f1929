import type { Update } from '../learn/learner.ts';

/** J_total = 1/m Σ J over all that was learned, with the sums it is made of. Never changed in place. */
export type TotalCost = {
  /** m: samples with a finite J. */
  readonly count: number;
  /** ΣJ. */
  readonly sum: number;
  /** ΣJ². */
  readonly sumSquares: number;
  /** ΣJ / m; NaN before the first. */
  readonly mean: number;
  /** Samples whose J was not finite; they are in no sum. */
  readonly nonFinite: number;
};

/** The total before anything was learned. */
export const noCost: TotalCost = Object.freeze({
  count: 0,
  sum: 0,
  sumSquares: 0,
  mean: Number.NaN,
  nonFinite: 0,
});

/** The sums of a {@link TotalCost}, to be added to in place. */
export type CostSums = { -readonly [Name in Exclude<keyof TotalCost, 'mean'>]: number };

/** The sums before anything was learned. */
export const noSums = (): CostSums => ({ count: 0, sum: 0, sumSquares: 0, nonFinite: 0 });

/**
 * Takes one more J into the sums.
 *
 * Plain float64 sums. Their rounding error grows like √m ε, some 1e-12 of the sum after a billion
 * samples. A compensated sum would keep digits that are lost again as soon as a watcher subtracts
 * two sums that came to it as one float64 each, so it would cost time and buy nothing.
 */
export const addToSums = (sums: CostSums, cost: number): void => {
  if (Number.isFinite(cost)) {
    sums.count += 1;
    sums.sum += cost;
    sums.sumSquares += cost * cost;
  } else {
    sums.nonFinite += 1;
  }
};

/** The total that some sums make: a copy. */
export const totalOf = ({ count, sum, sumSquares, nonFinite }: CostSums): TotalCost => ({
  count,
  sum,
  sumSquares,
  mean: sum / count,
  nonFinite,
});

/** The total with one more J in it: a pure reducer. */
export const addCost = (total: TotalCost, cost: number): TotalCost => {
  const sums = { ...total };
  addToSums(sums, cost);
  return totalOf(sums);
};

/** The total with one more update in it. A sample without y has no J and changes nothing. */
export const addUpdate = (total: TotalCost, { sample, cost }: Update): TotalCost =>
  sample.y === undefined ? total : addCost(total, cost);
