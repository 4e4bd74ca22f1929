import { expect, test } from 'vitest';
import { emptyHistogram, insert } from '../../src/evaluate/exponential-histogram.ts';

test('a window has the width, the total and the spread of its values', () => {
  const window = emptyHistogram();
  const values = Array.from({ length: 200 }, (_, i) => (i * 37) % 11);
  for (const value of values) insert(window, value, 5);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(window.width).toBe(200);
  expect(window.total).toBeCloseTo(200 * mean, 9);
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  expect(window.spread).toBeCloseTo(spread, 9);
});

test('rows hold buckets of 1, 2, 4, … values, oldest first, each up to its capacity', () => {
  const window = emptyHistogram();
  for (let value = 1; value <= 11; value += 1) insert(window, value, 2);
  // 1–4, 5–8 and so on: the oldest values lie in the largest buckets.
  expect(window.totals).toEqual([[11], [9 + 10], [1 + 2 + 3 + 4, 5 + 6 + 7 + 8]]);
});
