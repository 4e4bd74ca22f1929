import { expect, test } from 'vitest';
import { areFinite, indexOfInfinite } from '../../src/math/finite.ts';

test.each([
  [[], true],
  [[0, -1.5, 1e308], true],
  [[Number.NaN, 1, 2], false],
  [[1, 2, Number.POSITIVE_INFINITY], false],
  [[1, Number.NEGATIVE_INFINITY, 2], false],
])('%o are all finite: %s', (values, expected) => {
  expect(areFinite(values)).toBe(expected);
  expect(areFinite(Float64Array.from(values))).toBe(expected);
});

test.each([
  [[], -1],
  [[Number.NaN, 1], -1],
  [[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 0],
  [[1, Number.NaN, Number.NEGATIVE_INFINITY], 2],
])('of %o the first infinite number is at %s', (values, expected) => {
  expect(indexOfInfinite(values)).toBe(expected);
});
