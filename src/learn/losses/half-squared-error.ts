import type { Loss } from '../loss.ts';

/** J = ½ ‖y − h‖², ∂J/∂h = −(y − h). */
export const halfSquaredError: Loss = {
  name: 'halfSquaredError',
  cost(h, y) {
    let sum = 0;
    for (let i = 0; i < h.length; i++) sum += (y[i]! - h[i]!) ** 2;
    return sum / 2;
  },
  gradient(h, y, out) {
    for (let i = 0; i < h.length; i++) out[i] = h[i]! - y[i]!;
  },
};
