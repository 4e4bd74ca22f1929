import { requireWithin } from '../../math/limits.ts';
import { randomUniform } from '../../math/random.ts';
import {
  type GeneratedStream,
  type GeneratorOptions,
  generate,
  named,
  uniforms,
} from './generate.ts';

/** Options of {@link sea}. */
export interface SeaOptions extends GeneratorOptions {
  /** The probability that a target is the other class, in [0, 1]. Default 0.1. */
  readonly noise?: number;
}

/** The limits of the four concepts, in turn. */
const limits = [8, 9, 7, 9.5];

/**
 * SEA: three features from 0 to 10, and a target that is true where the first two add up to at most
 * a limit; the third does not matter. Each drift moves the limit: 8, 9, 7, 9.5. W. N. Street and
 * Y. Kim, "A streaming ensemble algorithm (SEA) for large-scale classification", 2001.
 */
export const sea = ({ noise = 0.1, ...options }: SeaOptions = {}): GeneratedStream => {
  requireWithin('noise', noise, [0, 1]);
  return generate(
    {
      initial: () => undefined,
      draw(_world, random, concept) {
        const x = uniforms(random, 3).map((value) => 10 * value);
        const isBelow = x[0]! + x[1]! <= limits[concept % limits.length]!;
        return { features: named(x), target: isBelow !== randomUniform(random) < noise };
      },
    },
    options,
  );
};
