import { exp } from '../../math/exp.ts';
import { log } from '../../math/log.ts';
import type { Loss } from '../loss.ts';

/**
 * J = −Σ y_i ln h_i, for targets that sum to one. With softmax δ = h − y, and
 * J = Σ y_i (ln Σ_j e^{z_j} − z_i).
 */
export const crossEntropy: Loss = {
  name: 'crossEntropy',
  cost(h, y) {
    let sum = 0;
    // A class that is not the target counts nothing, also where its probability is 0.
    for (let i = 0; i < h.length; i++) if (y[i] !== 0) sum -= y[i]! * log(h[i]!);
    return sum;
  },
  gradient(h, y, out) {
    for (let i = 0; i < h.length; i++) out[i] = y[i] === 0 ? 0 : -y[i]! / h[i]!;
  },
  fused: {
    activation: 'softmax',
    cost(z, y) {
      const normaliser = logSumExp(z);
      let sum = 0;
      for (let i = 0; i < z.length; i++) sum += y[i]! * (normaliser - z[i]!);
      return sum;
    },
  },
};

const logSumExp = (z: ArrayLike<number>): number => {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < z.length; i++) if (z[i]! > largest) largest = z[i]!;
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += exp(z[i]! - largest);
  return largest + log(sum);
};
