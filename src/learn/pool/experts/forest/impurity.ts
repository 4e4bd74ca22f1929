/**
 * What the samples on one side of a test have in common. A side is a few sums: in classification the
 * weight of each class, in regression n, Σy and Σy².
 */
export interface Impurity {
  /** How many sums a side has. */
  readonly sumCount: number;
  /** The weight of a side. */
  weight(sums: Float32Array, at: number): number;
  /** Gini's index, or the variance, of a side that weighs so much, or of two sides together. */
  of(sums: Float32Array, at: number, weight: number): number;
  /** The same for this side and the one that lies behind it. */
  ofBoth(sums: Float32Array, at: number, weight: number): number;
}

/** For classes: Σ p(1 − p). */
export const gini = (classCount: number): Impurity => ({
  sumCount: classCount,
  weight(sums, at) {
    let weight = 0;
    for (let k = 0; k < classCount; k += 1) weight += sums[at + k]!;
    return weight;
  },
  of(sums, at, weight) {
    let squares = 0;
    for (let k = 0; k < classCount; k += 1) squares += sums[at + k]! * sums[at + k]!;
    return weight > 0 ? 1 - squares / (weight * weight) : 0;
  },
  ofBoth(sums, at, weight) {
    let squares = 0;
    for (let k = 0; k < classCount; k += 1) {
      const both = sums[at + k]! + sums[at + classCount + k]!;
      squares += both * both;
    }
    return weight > 0 ? 1 - squares / (weight * weight) : 0;
  },
});

/** For numbers: the variance. */
export const variance: Impurity = {
  sumCount: 3,
  weight: (sums, at) => sums[at]!,
  of: (sums, at, weight) => spread(weight, sums[at + 1]!, sums[at + 2]!),
  ofBoth: (sums, at, weight) =>
    spread(weight, sums[at + 1]! + sums[at + 4]!, sums[at + 2]! + sums[at + 5]!),
};

const spread = (weight: number, sum: number, squares: number): number => {
  if (weight <= 0) return 0;
  const mean = sum / weight;
  return Math.max(0, squares / weight - mean * mean);
};
