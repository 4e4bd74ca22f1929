import { randomNormal } from '../../math/random.ts';
import type { Initializer } from '../initializer.ts';

/**
 * Normal with variance 2/in: keeps the size of signals through layers of rectifiers.
 * K. He, X. Zhang, S. Ren, J. Sun, "Delving Deep into Rectifiers", 2015, equation 10.
 */
export const he: Initializer = {
  name: 'he',
  draw: (random, fan) => randomNormal(random) * Math.sqrt(2 / fan.in),
};
