import { expect, test } from 'vitest';
import { pool } from '../../../src/learn/pool/pool.ts';
import { Residuals } from '../../../src/learn/pool/residuals.ts';
import { initialRandom, randomUniform } from '../../../src/math/random.ts';

test('an interval spans the quantiles of the residuals, the lower one below the prediction', () => {
  const residuals = new Residuals();
  // Skewed: −1 … −0.1, and then 1 … 9.
  for (let i = 10; i >= 1; i -= 1) residuals.add(-i / 10);
  for (let i = 1; i <= 9; i += 1) residuals.add(i);
  expect(residuals.around(100, 0.88)).toEqual({ low: 99, high: 109 });
  expect(residuals.around(100, 0.5)).toEqual({ low: 100 - 0.6, high: 105 });
  expect(residuals.around(100, 0.95).low).toBe(Number.NEGATIVE_INFINITY);
});

test('the interval of a pool is skewed as the targets are, not mirrored', () => {
  const learner = pool({ task: 'regression', inputCount: 1, outputCount: 1, seed: 1 });
  const random = initialRandom(5);
  for (let i = 0; i < 1_000; i += 1) learner.learn([0], [randomUniform(random) < 0.8 ? 0 : 10]);
  const { low, high } = learner.interval([0], 0.8);
  expect(Math.abs(low)).toBeLessThan(2.5);
  expect(high).toBeGreaterThan(7.5);
});
