import {
  initialRandom,
  randomInteger,
  randomNormal,
  randomUniform,
} from '../../../src/math/random.ts';

/** One sample of a made-up stream. */
export interface MadeUp {
  readonly x: number[];
  readonly y: readonly number[];
}

/** One-hot vectors of a number of classes. */
export const oneHots = (count: number): number[][] =>
  Array.from({ length: count }, (_, k) =>
    Array.from({ length: count }, (_, i) => (i === k ? 1 : 0)),
  );

/** Two classes inside and outside of a ring, which no line parts, at very different scales. */
export const rings = (count: number, seed = 1): MadeUp[] => {
  const random = initialRandom(seed);
  const [outside, inside] = oneHots(2);
  return Array.from({ length: count }, () => {
    const [a, b] = [randomNormal(random), randomNormal(random)];
    return {
      x: [1e6 * a, 1e-6 * b, randomNormal(random)],
      y: a * a + b * b < 1.4 ? inside! : outside!,
    };
  });
};

/** Classes whose centres are dealt anew halfway: a sudden drift. */
export const swapped = (count: number, seed = 1): MadeUp[] => {
  const random = initialRandom(seed);
  const hot = oneHots(4);
  return Array.from({ length: count }, (_, i) => {
    const centre = randomInteger(random, 4);
    const x = [
      3 * (centre % 2) + randomNormal(random) / 2,
      3 * (centre >> 1) + randomNormal(random) / 2,
    ];
    return { x, y: hot[i < count / 2 ? centre : (centre + 1) % 4]! };
  });
};

/** A smooth function of two inputs among four, with a little noise, far from 0. */
export const surface = (count: number, seed = 1): MadeUp[] => {
  const random = initialRandom(seed);
  return Array.from({ length: count }, () => {
    const x = Array.from({ length: 4 }, () => randomUniform(random));
    return {
      x,
      y: [1e5 + 1e3 * (Math.sin(3 * x[0]!) + x[1]! * x[2]! + randomNormal(random) / 20)],
    };
  });
};
