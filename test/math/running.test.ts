import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  grownMoments,
  moments,
  standardiseInPlace,
  updateMoments,
} from '../../src/math/running.ts';

// At most 30: later, a value far from all others counts for less.
const ordinary = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test('mean and variance are those of all values that were not missing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(ordinary, { nil: Number.NaN }), { minLength: 1, maxLength: 30 }),
      (values) => {
        const seen = moments(1);
        for (const value of values) updateMoments(seen, [value], 0);
        const present = values.filter((value) => !Number.isNaN(value));
        const mean = present.reduce((sum, value) => sum + value, 0) / Math.max(present.length, 1);
        const squares = present.map((value) => (value - mean) ** 2);
        const variance =
          squares.reduce((sum, value) => sum + value, 0) / Math.max(present.length, 1);
        expect(seen.counts[0]).toBe(present.length);
        expect(Math.abs(seen.means[0]! - mean)).toBeLessThan(1e-6);
        expect(Math.abs(seen.variances[0]! - variance)).toBeLessThanOrEqual(1e-9 * variance + 1e-9);
      },
    ),
  );
});

test('whatever comes, z-scores are within the clip and the moments finite', () => {
  const any = fc.oneof(fc.double(), fc.constantFrom(0, 1e300, -1e300, Number.MAX_VALUE));
  fc.assert(
    fc.property(fc.array(fc.array(any, { minLength: 3, maxLength: 3 })), (rows) => {
      const seen = moments(3);
      for (const row of rows) {
        const z = row.slice();
        standardiseInPlace(seen, z, 5);
        for (const value of z) expect(Math.abs(value)).toBeLessThanOrEqual(5);
        updateMoments(seen, row, 0.01);
        for (const each of [...seen.means, ...seen.variances])
          expect(each).toSatisfy(Number.isFinite);
      }
    }),
  );
});

const zOf = (seen: ReturnType<typeof moments>, value: number): number => {
  const z = [value];
  standardiseInPlace(seen, z, 5);
  return z[0]!;
};

test.each([0, 0.01])(
  'one broken reading does not make the others look alike (floor %f)',
  (floor) => {
    const seen = moments(1);
    for (let i = 0; i < 1_000; i += 1) updateMoments(seen, [Math.sin(i)], floor);
    const before = zOf(seen, 1);
    updateMoments(seen, [1e12], floor);
    for (let i = 0; i < 500; i += 1) updateMoments(seen, [Math.sin(i)], floor);
    expect(zOf(seen, 1)).toBeGreaterThan(before / 4);
  },
);

test.each([0, 0.01])('a change of scale is followed (floor %f)', (floor) => {
  const seen = moments(1);
  for (let i = 0; i < 1_000; i += 1) updateMoments(seen, [Math.sin(i)], floor);
  for (let i = 0; i < 1_000; i += 1) updateMoments(seen, [1e9 * Math.sin(i)], floor);
  expect(Math.abs(Math.sqrt(seen.variances[0]!) / 1e9 - 0.6)).toBeLessThan(0.15);
});

test.each([0, 1e-8])('a slot that was constant up to %f follows its first change', (noise) => {
  const seen = moments(1);
  for (let i = 0; i < 1_000; i += 1) updateMoments(seen, [1 + noise * Math.sin(i)], 0);
  for (let i = 0; i < 1_000; i += 1) updateMoments(seen, [2 + Math.sin(i)], 0);
  expect(Math.sqrt(seen.variances[0]!)).toBeGreaterThan(0.4);
});

test('it still moves after very many values', () => {
  const seen = moments(1);
  seen.counts[0] = 1e9;
  seen.means[0] = 1;
  seen.variances[0] = 1;
  for (let i = 0; i < 1_000; i += 1) updateMoments(seen, [2], 0);
  expect(seen.means[0]).toBeGreaterThan(1 + 0.9e-6);
});

test('grown moments are the same, with fresh slots at the end', () => {
  const seen = moments(1);
  for (const value of [1, 3]) updateMoments(seen, [value], 0);
  const grown = grownMoments(seen, 2);
  updateMoments(grown, [5, 7], 0);
  expect([...grown.counts]).toEqual([3, 1]);
  expect([...grown.means]).toEqual([3, 7]);
  expect([...seen.means]).toEqual([2]);
});

test('a slot beyond the moments is the mean', () => {
  const z = [1, 2];
  standardiseInPlace(moments(1), z, 5);
  expect(z).toEqual([0, 0]);
});
