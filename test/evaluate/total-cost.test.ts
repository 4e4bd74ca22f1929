import { expect, test } from 'vitest';
import { addCost, addUpdate, noCost } from '../../src/evaluate/total-cost.ts';
import { unlabelled, updateOf } from './updates.ts';

test('the total is the mean of all costs, with its sums', () => {
  const total = [1, 2, 6].reduce(addCost, noCost);
  expect(total).toEqual({ count: 3, sum: 9, sumSquares: 41, mean: 3, nonFinite: 0 });
});

test('a cost that is not finite is counted and is in no sum', () => {
  const total = [1, Number.NaN, Number.POSITIVE_INFINITY, 3].reduce(addCost, noCost);
  expect(total).toEqual({ count: 2, sum: 4, sumSquares: 10, mean: 2, nonFinite: 2 });
});

test('the reducer changes no total that it was given', () => {
  const before = addCost(noCost, 4);
  const copy = { ...before };
  addCost(before, 5);
  addCost(before, Number.NaN);
  expect(before).toEqual(copy);
  expect(noCost.count).toBe(0);
});

test('a sample without a target has no cost', () => {
  const before = addUpdate(noCost, updateOf(1, [0, 1], [0, 1], 2));
  expect(addUpdate(before, unlabelled(1))).toBe(before);
});

test('the sums of two moments give the exact mean of what lies between them', () => {
  const costs = Array.from({ length: 200 }, (_, i) => (i % 16) / 16);
  const early = costs.slice(0, 100).reduce(addCost, noCost);
  const late = costs.slice(100).reduce(addCost, early);
  const between = costs.slice(100).reduce(addCost, noCost);
  expect((late.sum - early.sum) / (late.count - early.count)).toBe(between.mean);
});
