import { expect, test } from 'vitest';
import { copyShort, fillShort } from '../../src/math/short-vectors.ts';

test('a vector is filled, and given back', () => {
  const vector = Float64Array.of(1, 2, 3);
  expect(fillShort(vector, 4)).toBe(vector);
  expect([...vector]).toEqual([4, 4, 4]);
});

test('a copy leaves alone what lies behind it', () => {
  const to = Float64Array.of(1, 2, 3);
  copyShort(Float64Array.of(8, 9), to);
  expect([...to]).toEqual([8, 9, 3]);
});
