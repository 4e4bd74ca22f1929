import { requireWithin } from '../../math/limits.ts';
import { randomNormal } from '../../math/random.ts';
import { sinOfTurns } from '../../math/turns.ts';
import {
  type GeneratedStream,
  type GeneratorOptions,
  generate,
  named,
  uniforms,
} from './generate.ts';

/** Options of {@link friedman}. */
export interface FriedmanOptions extends GeneratorOptions {
  /** The standard deviation of the noise added to the target: ≥ 0. Default 1. */
  readonly noise?: number;
}

const features = 10;

/**
 * Friedman's function: ten features from 0 to 1, of which five matter, and the number
 * 10 sin(π x0 x1) + 20 (x2 − ½)² + 10 x3 + 5 x4 as the target. Each drift gives the five parts to
 * the features three places on. J. H. Friedman, "Multivariate adaptive regression splines", 1991;
 * drifts of this kind in E. Ikonomovska, J. Gama and S. Džeroski, "Learning model trees from
 * evolving data streams", 2011.
 */
export const friedman = ({ noise = 1, ...options }: FriedmanOptions = {}): GeneratedStream => {
  requireWithin('noise', noise, [0, Number.MAX_VALUE]);
  return generate(
    {
      initial: () => undefined,
      draw(_world, random, concept) {
        const x = uniforms(random, features);
        const part = (i: number): number => x[(i + 3 * concept) % features]!;
        const target =
          10 * sinOfTurns((part(0) * part(1)) / 2) +
          20 * (part(2) - 0.5) ** 2 +
          10 * part(3) +
          5 * part(4);
        return { features: named(x), target: target + noise * randomNormal(random) };
      },
    },
    options,
  );
};
