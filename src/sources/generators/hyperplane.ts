import { requireWhole, requireWithin } from '../../math/limits.ts';
import { type RandomMemory, randomUniform } from '../../math/random.ts';
import {
  type GeneratedStream,
  type GeneratorOptions,
  generate,
  named,
  uniforms,
} from './generate.ts';

/** Options of {@link hyperplane}. */
export interface HyperplaneOptions extends GeneratorOptions {
  /** How many features. Default 10; 2 to 1,000. */
  readonly features?: number;
  /** How many of the weights move with each example: 0 to `features`. Default 2. */
  readonly moving?: number;
  /** How far each of them moves per example; weights begin in [0, 1). Default 0: they do not move. */
  readonly speed?: number;
  /** The probability that a moving weight changes its direction after an example, in [0, 1]. Default 0.1. */
  readonly turning?: number;
  /** The probability that a target is the other class, in [0, 1]. Default 0.05. */
  readonly noise?: number;
}

interface Plane {
  readonly weights: Float64Array;
  readonly directions: Float64Array;
}

/**
 * A turning hyperplane: features from 0 to 1, and a target that is true where Σ w x ≥ ½ Σ w. Some
 * weights may move all the time; each drift takes every weight to the next feature and turns the
 * plane round. G. Hulten, L. Spencer and P. Domingos, "Mining time-changing data streams", 2001.
 */
export const hyperplane = ({
  features = 10,
  moving = 2,
  speed = 0,
  turning = 0.1,
  noise = 0.05,
  ...options
}: HyperplaneOptions = {}): GeneratedStream => {
  requireWhole('features', features, [2, 1000]);
  requireWhole('moving', moving, [0, features]);
  requireWithin('turning', turning, [0, 1]);
  requireWithin('noise', noise, [0, 1]);
  return generate<Plane>(
    {
      initial: (random) => ({
        weights: uniforms(random, features),
        directions: new Float64Array(moving).fill(1),
      }),
      draw(plane, random, concept) {
        const x = uniforms(random, features);
        const isAbove = isAboveHalf(plane.weights, x, concept);
        move(plane, random, { speed, turning });
        return { features: named(x), target: isAbove !== randomUniform(random) < noise };
      },
    },
    options,
  );
};

/** Each concept weighs feature i as the one before weighed feature i + 1, with the other sign. */
const isAboveHalf = (weights: Float64Array, x: Float64Array, concept: number): boolean => {
  let sum = 0;
  let half = 0;
  for (let i = 0; i < x.length; i += 1) {
    const weight = weights[(i + concept) % x.length]! * (concept % 2 === 0 ? 1 : -1);
    sum += weight * x[i]!;
    half += weight / 2;
  }
  return sum >= half;
};

const move = (
  { weights, directions }: Plane,
  random: RandomMemory,
  { speed, turning }: { speed: number; turning: number },
): void => {
  for (let i = 0; i < directions.length; i += 1) {
    weights[i]! += speed * directions[i]!;
    if (randomUniform(random) < turning) directions[i]! *= -1;
  }
};
