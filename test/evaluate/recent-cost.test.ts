import { expect, test } from 'vitest';
import { pushCost, recentCost, windowedCost } from '../../src/evaluate/recent-cost.ts';

test('the window holds the newest costs and no others', () => {
  const memory = recentCost(3);
  for (const cost of [9, 1, 2, 6]) pushCost(memory, cost);
  expect(windowedCost(memory)).toEqual({ count: 3, mean: 3, min: 1, max: 6 });
});

test('a window that is not full averages what it has', () => {
  const memory = recentCost(10);
  for (const cost of [1, 3]) pushCost(memory, cost);
  expect(windowedCost(memory)).toEqual({ count: 2, mean: 2, min: 1, max: 3 });
});

test('an empty window has no mean', () => {
  const { count, mean } = windowedCost(recentCost(5));
  expect(count).toBe(0);
  expect(mean).toBeNaN();
});
