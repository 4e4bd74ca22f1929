import { exp } from '../../math/exp.ts';

/** Replaces sums by probabilities: e^z / Σ e^z. */
export const softmaxInPlace = (z: Float64Array): void => {
  let max = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < z.length; k += 1) if (z[k]! > max) max = z[k]!;
  let sum = 0;
  for (let k = 0; k < z.length; k += 1) {
    const below = z[k]! - max;
    // e⁰ is 1: with two classes half of the powers need not be computed.
    z[k] = below === 0 ? 1 : exp(below);
    sum += z[k]!;
  }
  for (let k = 0; k < z.length; k += 1) z[k]! /= sum;
};
