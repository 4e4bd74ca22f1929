/**
 * What the samples on one side of a test have in common. A side is a few sums: in classification the
 * weight of each class, in regression n, Σy and Σy².
 */
export interface Impurity {
  /** How many sums a side has. */
  readonly sumCount: number;
  readonly sumsOf: 'classes' | 'numbers';
  /** The weight of two sides together. */
  weight(sides: Float32Array): number;
  /** That weight times Gini's index, or the variance, of the two together. */
  of(sides: Float32Array): number;
}

/** For classes: Σ p(1 − p). */
export const gini = (classCount: number): Impurity => ({
  sumCount: classCount,
  sumsOf: 'classes',
  weight(sides) {
    let sum = 0;
    for (let i = 0; i < sides.length; i += 1) sum += sides[i]!;
    return sum;
  },
  of(sides) {
    let [weight, squares] = [0, 0];
    for (let k = 0; k < classCount; k += 1) {
      const both = sides[k]! + sides[classCount + k]!;
      weight += both;
      squares += both * both;
    }
    return weight - squares / weight;
  },
});

/** For numbers: the variance. */
export const variance: Impurity = {
  sumCount: 3,
  sumsOf: 'numbers',
  weight: (sides) => sides[0]! + sides[3]!,
  of(sides) {
    const sum = sides[1]! + sides[4]!;
    return sides[2]! + sides[5]! - (sum * sum) / (sides[0]! + sides[3]!);
  },
};
