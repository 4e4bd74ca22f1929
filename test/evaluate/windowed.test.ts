import { expect, test } from 'vitest';
import { confusionMatrix } from '../../src/evaluate/confusion-matrix.ts';
import { fading } from '../../src/evaluate/fading.ts';
import { outcome } from '../../src/evaluate/metric.ts';
import { accuracy, mae } from '../../src/evaluate/metrics/index.ts';
import { windowed } from '../../src/evaluate/windowed.ts';

test('a window of a table is a table of the newest', () => {
  const metric = windowed(confusionMatrix(), { size: 2 });
  const memory = metric.initial();
  for (const y of [
    [1, 0],
    [1, 0],
    [0, 1],
  ])
    metric.update(memory, outcome([0.9, 0.1], y));
  expect(metric.value(memory)).toEqual([
    [1, 0],
    [1, 0],
  ]);
});

test('rows grow wider when a prediction does, and keep what is in them', () => {
  const metric = windowed(mae(), { size: 3 });
  const memory = metric.initial();
  metric.update(memory, outcome([1], [0]));
  metric.update(memory, outcome([1], [2]));
  metric.update(memory, outcome([3, 3], [0, 0]));
  // Each row before has a second output of zero, rightly predicted.
  expect(metric.value(memory)).toBeCloseTo((0.5 + 0.5 + 3) / 3, 12);
});

test('a measure that looks at classes alone keeps classes alone', () => {
  const metric = windowed(accuracy(), { size: 10 });
  const memory = metric.initial();
  metric.update(memory, outcome(new Float64Array(1000), new Float64Array(1000)));
  expect(memory.rows).toHaveLength(30);
});

test.each([0, 1.5, -3, 1e7])('a window of %s is refused', (size) => {
  expect(() => windowed(accuracy(), { size })).toThrow(/size must be a whole number/);
});

test.each([0, -0.5, 1.1, Number.NaN])('a fading factor of %s is refused', (factor) => {
  expect(() => fading(accuracy(), { factor })).toThrow(/factor must be above 0/);
});

test('what cannot be scaled cannot fade', () => {
  expect(() => fading(windowed(accuracy()))).toThrow(/accuracy.windowed cannot fade/);
});
