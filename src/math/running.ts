/**
 * Running mean and variance of a vector, slot by slot. In float64 throughout: in float32 they stop
 * moving once 1/n is small. Plain data, so that a checkpoint is a copy.
 */
export type Moments = {
  /** How many values each slot has had; a missing one is not counted. */
  counts: Float64Array;
  /** One per input. */
  means: Float64Array;
  /** One per input, at least 0. */
  variances: Float64Array;
};

/** Moments of `size` slots that have seen nothing. */
export const moments = (size: number): Moments => ({
  counts: new Float64Array(size),
  means: new Float64Array(size),
  variances: new Float64Array(size),
});

/** The same moments with fresh slots at the end, up to `size`. */
export const grownMoments = (old: Moments, size: number): Moments => {
  const grown = moments(size);
  grown.counts.set(old.counts);
  grown.means.set(old.means);
  grown.variances.set(old.variances);
  return grown;
};

/** A deviation this small is none: the slot is constant, up to rounding. */
export const DEVIATION_MIN = 1e-9;

/** Beyond it a square would overflow, and the slot be lost for ever. */
export const MAGNITUDE_MAX = 1e150;

/**
 * A value counts as at most this many deviations from the mean. Otherwise one broken reading among
 * millions would make all ordinary values look alike, in a long memory for ever. A true change of scale
 * is still followed within some ten values, since each one raises the limit of the next.
 */
export const OUTLIER_DEVIATIONS = 100;

/** The same, of squares. */
export const OUTLIER_SQUARE = OUTLIER_DEVIATIONS ** 2;

/** The number of values before which the deviation is too uncertain to detect outliers. */
export const OUTLIER_AFTER = 30;

/**
 * Takes the values of x into the moments: n ← n + 1, a = max(1/n, floor), d = x − m, m ← m + ad,
 * v ← (1 − a)(v + ad²). With floor 0 they are the mean and the (population) variance of all of the
 * past (Welford 1962), with floor > 0 of an exponentially fading while. NaN is missing. Beyond
 * {@link OUTLIER_DEVIATIONS} a value is clipped.
 */
export const updateMoments = (
  { counts, means, variances }: Moments,
  x: ArrayLike<number>,
  floor: number,
): void => {
  for (let i = 0; i < x.length; i += 1) {
    const value = bounded(x[i]!);
    if (Number.isNaN(value)) continue;
    counts[i]! += 1;
    const rate = Math.max(1 / counts[i]!, floor);
    const deviation = usual(value - means[i]!, variances[i]!, counts[i]!);
    const step = rate * deviation;
    means[i]! += step;
    variances[i] = (1 - rate) * (variances[i]! + step * deviation);
  }
};

/**
 * Replaces each value of x by its z-score, at most `clip` from 0. A missing value (NaN), and one of
 * a slot that is new or has been constant so far, becomes 0: the mean.
 */
export const standardiseInPlace = (
  { means, variances }: Moments,
  x: number[] | Float64Array,
  clip: number,
): void => {
  const known = Math.min(x.length, means.length);
  for (let i = 0; i < known; i += 1) {
    const deviation = Math.sqrt(variances[i]!);
    const z = (bounded(x[i]!) - means[i]!) / deviation;
    x[i] = deviation >= DEVIATION_MIN && !Number.isNaN(z) ? Math.min(Math.max(z, -clip), clip) : 0;
  }
  for (let i = known; i < x.length; i += 1) x[i] = 0;
};

const usual = (deviation: number, variance: number, count: number): number => {
  const limit = OUTLIER_SQUARE * variance;
  const isUsual = deviation * deviation <= limit || count <= OUTLIER_AFTER;
  if (isUsual || variance < DEVIATION_MIN * DEVIATION_MIN) return deviation;
  return Math.sign(deviation) * Math.sqrt(limit);
};

const bounded = (value: number): number => Math.min(Math.max(value, -MAGNITUDE_MAX), MAGNITUDE_MAX);
