import { describe, expect, test } from 'vitest';
import type { Fan } from '../../src/learn/initializer.ts';
import * as initializers from '../../src/learn/initializers/index.ts';
import { initialRandom } from '../../src/math/random.ts';
import { subjectsIn } from './subjects.ts';

/** The variance of the weights that each initializer draws, by its formula. */
const variances = subjectsIn<(fan: Fan) => number>(
  import.meta.glob('./initializers/*.ts', { eager: true, import: 'varianceFor' }),
);
const fan = { in: 50, out: 30 };

const drawMany = (name: keyof typeof initializers, seed: number): number[] => {
  const random = initialRandom(seed);
  return Array.from({ length: 20_000 }, () => initializers[name].draw(random, fan));
};

describe.each(Object.keys(initializers) as (keyof typeof initializers)[])(
  'the initializer %s',
  (name) => {
    test('is exported under its own name', () => {
      expect(initializers[name].name).toBe(name);
    });

    test('draws the same weights for the same seed', () => {
      expect(drawMany(name, 7)).toEqual(drawMany(name, 7));
    });

    test('has mean 0 and the variance of its formula', () => {
      const varianceFor = variances.get(name);
      expect(varianceFor, `test/contracts/initializers/ has no file of ${name}`).toBeDefined();
      const expected = varianceFor!(fan);
      const weights = drawMany(name, 3);
      const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
      const variance = weights.reduce((sum, w) => sum + w * w, 0) / weights.length;
      expect(mean).toBeCloseTo(0, 2);
      expect(Math.abs(variance - expected)).toBeLessThanOrEqual(0.05 * expected);
    });
  },
);
