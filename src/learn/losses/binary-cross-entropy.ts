import { exp } from '../../math/exp.ts';
import { log, log1p } from '../../math/log.ts';
import type { Loss } from '../loss.ts';

/**
 * J = −Σ (y_i ln h_i + (1 − y_i) ln(1 − h_i)): each output a question of its own. With sigmoid
 * δ = h − y, and J = Σ (max(z_i, 0) − z_i y_i + ln(1 + e^−|z_i|)).
 */
export const binaryCrossEntropy: Loss = {
  name: 'binaryCrossEntropy',
  cost(h, y) {
    let sum = 0;
    for (let i = 0; i < h.length; i++) {
      if (y[i] !== 0) sum -= y[i]! * log(h[i]!);
      if (y[i] !== 1) sum -= (1 - y[i]!) * log1p(-h[i]!);
    }
    return sum;
  },
  gradient(h, y, out) {
    for (let i = 0; i < h.length; i++) {
      const whenTrue = y[i] === 0 ? 0 : y[i]! / h[i]!;
      const whenFalse = y[i] === 1 ? 0 : (1 - y[i]!) / (1 - h[i]!);
      out[i] = whenFalse - whenTrue;
    }
  },
  fused: {
    activation: 'sigmoid',
    cost(z, y) {
      let sum = 0;
      for (let i = 0; i < z.length; i++) {
        const value = z[i]!;
        sum += Math.max(value, 0) - value * y[i]! + log1p(exp(-Math.abs(value)));
      }
      return sum;
    },
  },
};
