import { expect, test } from 'vitest';
import { CostHistory } from '../../../../src/node/cli/reports/cost-history.ts';
import type { Snapshot } from '../../../../src/snapshot/snapshot.ts';

const at = (step: number, sum: number): Snapshot =>
  ({ step, cost: { count: step, sum } }) as Snapshot;

test('the cost of each piece comes from the cumulative sums, exactly', () => {
  const history = new CostHistory();
  for (const snapshot of [at(10, 20), at(30, 30), at(30, 30), at(40, 30)]) history.add(snapshot);
  expect(history.points).toEqual([
    { step: 10, cost: 2 },
    { step: 30, cost: 0.5 },
    { step: 40, cost: 0 },
  ]);
});

test('a curve that is full is thinned, and loses no cost', () => {
  const history = new CostHistory();
  for (let step = 1; step <= 5000; step += 1) history.add(at(step, 3 * step));
  const { points } = history;
  expect(points.length).toBeLessThanOrEqual(512);
  expect(points.length).toBeGreaterThan(200);
  expect(new Set(points.map(({ cost }) => cost))).toEqual(new Set([3]));
});

test('drifts are kept, other events are not', () => {
  const history = new CostHistory();
  history.event({ kind: 'drift', step: 7, message: 'changed' });
  history.event({ kind: 'rollback', step: 8, message: 'back' });
  expect(history.drifts).toEqual([{ step: 7, message: 'changed' }]);
});
