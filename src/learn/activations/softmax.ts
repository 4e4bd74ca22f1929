import { exp } from '../../math/exp.ts';
import type { Activation } from '../activation.ts';

/** f(z)_i = e^{z_i} / Σ_j e^{z_j}: a whole layer becomes probabilities that sum to one. */
export const softmax: Activation = {
  name: 'softmax',
  forward(z, h) {
    // Softmax does not change when all z are shifted; the largest at 0 cannot overflow.
    let largest = Number.NEGATIVE_INFINITY;
    for (const value of z) if (value > largest) largest = value;
    let sum = 0;
    for (let i = 0; i < z.length; i++) {
      h[i] = exp(z[i]! - largest);
      sum += h[i]!;
    }
    for (let i = 0; i < z.length; i++) h[i]! /= sum;
  },
  backward({ h }, gradient, out) {
    let mean = 0;
    for (let i = 0; i < h.length; i++) mean += h[i]! * gradient[i]!;
    for (let i = 0; i < h.length; i++) out[i] = h[i]! * (gradient[i]! - mean);
  },
};
