import { expect, test } from 'vitest';
import { evaluation } from '../../src/evaluate/evaluation.ts';
import { accuracy, mae } from '../../src/evaluate/metrics/index.ts';
import { unlabelled, updateOf } from './updates.ts';

const a = [1, 0, 0];
const b = [0, 1, 0];

test('each metric stands beside the same metric for "as last time"', () => {
  const part = evaluation({ accuracy: accuracy() });
  const memory = part.initial();
  for (const [i, y] of [a, a, b, b, b].entries()) part.update(memory, updateOf(i + 1, a, y));
  expect(part.read(memory).metrics).toEqual({ accuracy: 2 / 5 });
  expect(part.read(memory).baseline).toEqual({ accuracy: 3 / 4 });
});

test('a reading never changes afterwards', () => {
  const part = evaluation({ mae: mae() });
  const memory = part.initial();
  const first = part.update(memory, updateOf(1, [1], [2], 0.5));
  const reading = first.read();
  const copy = structuredClone(reading);
  part.update(memory, updateOf(2, [1], [9], 32));
  expect(reading).toEqual(copy);
  expect(first.total).toEqual({ count: 1, sum: 0.5, sumSquares: 0.25, mean: 0.5, nonFinite: 0 });
  expect(first.read().metrics['mae']).toBe(4.5);
});

test('a sample without a target is passed on and scored by nothing', () => {
  const part = evaluation({ accuracy: accuracy() });
  const memory = part.initial();
  const score = part.update(memory, unlabelled(0));
  expect(score.total.count).toBe(0);
  expect(score.read().metrics).toEqual({});
});

test('a prediction that is not finite is counted, and spoils no sum', () => {
  const part = evaluation({ mae: mae() });
  const memory = part.initial();
  part.update(memory, updateOf(1, [Number.NaN], [2], Number.NaN));
  part.update(memory, updateOf(2, [1], [2], 0.5));
  const { cost, metrics } = part.read(memory);
  expect(metrics).toEqual({ mae: 1 });
  expect(cost).toMatchObject({ count: 1, nonFinite: 1, windowed: { count: 1, mean: 0.5 } });
});

test('an infinite cost of a finite prediction still counts as right or wrong', () => {
  const part = evaluation({ accuracy: accuracy() });
  const memory = part.initial();
  part.update(memory, updateOf(1, [0, 1, 0], a, Number.POSITIVE_INFINITY));
  expect(part.read(memory).metrics).toEqual({ accuracy: 0 });
});

test('a class may appear later', () => {
  const part = evaluation({ accuracy: accuracy() });
  const memory = part.initial();
  part.update(memory, updateOf(1, [1, 0], [1, 0]));
  part.update(memory, updateOf(2, [0, 0, 1], [0, 0, 1]));
  part.update(memory, updateOf(3, [0, 0, 1], [0, 0, 1]));
  expect(part.read(memory)).toMatchObject({
    metrics: { accuracy: 1 },
    baseline: { accuracy: 0.5 },
  });
});

test('it resumes from a copied memory as if it had never stopped', () => {
  const part = evaluation({ accuracy: accuracy(), mae: mae() }, { window: 3 });
  const updates = [a, b, b, a, b, a].map((y, i) => updateOf(i + 1, i % 2 === 0 ? a : b, y, i / 7));
  const memory = part.initial();
  for (const update of updates.slice(0, 3)) part.update(memory, update);
  const copy = structuredClone(memory);
  for (const update of updates.slice(3)) {
    part.update(memory, update);
    part.update(copy, update);
  }
  expect(part.read(copy)).toEqual(part.read(memory));
});

test('a metric that a restored memory lacks begins now', () => {
  const memory = evaluation({ accuracy: accuracy() }).initial();
  const part = evaluation({ accuracy: accuracy(), mae: mae() });
  expect(part.read(memory).metrics).toEqual({});
  part.update(memory, updateOf(1, a, a));
  expect(part.read(memory).metrics).toEqual({ accuracy: 1, mae: 0 });
});

test('a metric of numbers that joins metrics of classes waits for its first baseline', () => {
  const memory = evaluation({ accuracy: accuracy() }).initial();
  evaluation({ accuracy: accuracy() }).update(memory, updateOf(1, a, a));
  const part = evaluation({ accuracy: accuracy(), mae: mae() });
  part.update(memory, updateOf(2, a, a));
  expect(part.read(memory).baseline).toEqual({});
  part.update(memory, updateOf(3, a, b));
  expect(part.read(memory).baseline).toEqual({ accuracy: 0, mae: 2 / 3 });
});

test('two memories of one evaluation may take turns', () => {
  const part = evaluation({ accuracy: accuracy() });
  const [right, wrong] = [part.initial(), part.initial()];
  for (let step = 1; step < 5; step += 1) {
    part.update(right, updateOf(step, a, a));
    part.update(wrong, updateOf(step, a, b));
  }
  expect(part.read(right).metrics).toEqual({ accuracy: 1 });
  expect(part.read(wrong).metrics).toEqual({ accuracy: 0 });
});

test.each([0, -1, 1.5, Number.NaN, 1e7])('a window of %s is refused', (window) => {
  expect(() => evaluation({}, { window })).toThrow(/window must be a whole number/);
});
