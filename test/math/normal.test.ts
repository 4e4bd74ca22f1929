import { expect, test } from 'vitest';
import { normalTail } from '../../src/math/normal.ts';

// erfc(z/√2)/2 by Python.
test.each([
  [0, 0.5],
  [1, 0.15865525393145707],
  [-2, 0.9772498680518208],
  [3, 0.0013498980316300957],
  [3.0000001, 0.0013498975884453205],
  [6, 9.865876450377012e-10],
  [20, 2.7536241186063314e-89],
])('the tail above %f is %f', (z, tail) => {
  expect(Math.abs(normalTail(z) / tail - 1)).toBeLessThan(1e-10);
});

test('far out it is 0 or 1, never NaN', () => {
  expect(normalTail(1e9)).toBe(0);
  expect(normalTail(-1e9)).toBe(1);
  expect(normalTail(Number.POSITIVE_INFINITY)).toBe(0);
  expect(normalTail(Number.NEGATIVE_INFINITY)).toBe(1);
});
