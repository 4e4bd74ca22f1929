import { randomUniform } from '../../math/random.ts';
import type { Initializer } from '../initializer.ts';

/**
 * Uniform in ±√(6/(in + out)): keeps the size of signals and gradients alike through layers of
 * sigmoid or tanh. X. Glorot and Y. Bengio, 2010, equation 16.
 */
export const glorot: Initializer = {
  name: 'glorot',
  draw: (random, fan) => (2 * randomUniform(random) - 1) * Math.sqrt(6 / (fan.in + fan.out)),
};
