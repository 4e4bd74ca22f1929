import { builtIn } from '../built-in.ts';
import type { Loss } from '../loss.ts';

/** Options of {@link huberLoss}. */
export interface HuberOptions {
  /** Where the parabola becomes a line, in units of the target, and the largest slope: > 0. Default 1. */
  readonly delta?: number;
}

/**
 * With e = h − y: J = Σ ½e² where |e| ≤ δ, and Σ δ(|e| − ½δ) beyond. One outlier moves no weight
 * far. P. J. Huber, "Robust Estimation of a Location Parameter", 1964. Throws a RangeError where
 * delta is not positive.
 */
export const huberLoss = ({ delta = 1 }: HuberOptions = {}): Loss => {
  if (!(delta > 0)) throw new RangeError(`delta of huber must be positive, not ${delta}`);
  return builtIn({
    name: 'huber',
    options: { delta },
    cost(h, y) {
      let sum = 0;
      for (let i = 0; i < h.length; i++) {
        const size = Math.abs(h[i]! - y[i]!);
        sum += size <= delta ? (size * size) / 2 : delta * (size - delta / 2);
      }
      return sum;
    },
    gradient(h, y, out) {
      for (let i = 0; i < h.length; i++) {
        out[i] = Math.min(delta, Math.max(-delta, h[i]! - y[i]!));
      }
    },
  });
};

/** {@link huberLoss} with δ = 1. */
export const huber: Loss = huberLoss();
