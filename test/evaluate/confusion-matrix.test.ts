import { expect, test } from 'vitest';
import { calibration } from '../../src/evaluate/calibration.ts';
import { confusionMatrix } from '../../src/evaluate/confusion-matrix.ts';
import { evaluation } from '../../src/evaluate/evaluation.ts';
import { type Measure, type Metric, type Outcome, outcome } from '../../src/evaluate/metric.ts';
import { calibrationError, rocAuc } from '../../src/evaluate/metrics/index.ts';
import { windowed } from '../../src/evaluate/windowed.ts';
import type { Memory } from '../../src/learn/learner.ts';
import { updateOf } from './updates.ts';

const valueAfter = <Value>(
  measure: Measure<Memory, Value>,
  outcomes: readonly Outcome[],
): Value => {
  const memory = measure.initial();
  for (const each of outcomes) measure.update(memory, each);
  return measure.value(memory);
};

test('the confusion matrix has true classes as rows and predicted ones as columns', () => {
  const table = valueAfter(confusionMatrix(), [
    outcome([1, 0], [0, 1]),
    outcome([0, 1], [0, 1]),
    outcome([1, 0], [0, 1]),
  ]);
  expect(table).toEqual([
    [0, 0],
    [2, 1],
  ]);
});

test('the confusion matrix grows when a class appears', () => {
  const table = valueAfter(confusionMatrix(), [
    outcome([1, 0], [1, 0]),
    outcome([1, 0], [0, 0, 1], 2),
  ]);
  expect(table).toEqual([
    [1, 0, 0],
    [0, 0, 0],
    [2, 0, 0],
  ]);
});

test('the confusion matrix grows in steps, and resumes with a table without capacity', () => {
  const measure = confusionMatrix({ classesMax: 1_000 });
  const memory = measure.initial();
  const tables = new Set<Float64Array>();
  const oneHot = (k: number): Float64Array => new Float64Array(k + 1).fill(1, k);
  for (let k = 0; k < 200; k += 1) {
    measure.update(memory, outcome([1, 0], oneHot(k)));
    tables.add(memory.counts);
  }
  expect(tables.size).toBeLessThan(40);
  const earlier = {
    side: 2,
    counts: Float64Array.of(5, 0, 3, 4),
    unnamed: new Float64Array(2),
  };
  measure.update(earlier, outcome([0, 1], [0, 0, 1]));
  expect(measure.value(earlier)).toEqual([
    [5, 0, 0],
    [3, 4, 0],
    [0, 1, 0],
  ]);
});

test('classes above the limit share one row', () => {
  const table = valueAfter(confusionMatrix({ classesMax: 2 }), [
    outcome([1, 0, 0, 0, 0], [0, 0, 0, 0, 1]),
    outcome([1, 0, 0, 0, 0], [0, 0, 0, 1, 0]),
  ]);
  expect(table[2]).toEqual([2, 0, 0]);
});

test('calibration says how often each confidence was right', () => {
  const bins = valueAfter(calibration({ bins: 2 }), [
    outcome([0.9, 0.1], [1, 0]),
    outcome([0.7, 0.3], [0, 1]),
    outcome([0.2, 0.8], [0, 1]),
  ]);
  expect(bins[0]).toMatchObject({ from: 0, to: 0.5, count: 0 });
  expect(bins[1]!.count).toBe(3);
  expect(bins[1]!.confidence).toBeCloseTo(0.8, 12);
  expect(bins[1]!.accuracy).toBeCloseTo(2 / 3, 12);
});

test('tables are read beside the metrics', () => {
  const part = evaluation({}, { tables: { confusion: confusionMatrix() } });
  const memory = part.initial();
  part.update(memory, updateOf(1, [1, 0], [0, 1]));
  expect(part.read(memory).tables).toEqual({
    confusion: [
      [0, 0],
      [1, 0],
    ],
  });
});

test('rocAuc is not defined as soon as a third class has come', () => {
  const two = [outcome([0.4, 0.6], [0, 1]), outcome([0.7, 0.3], [1, 0])];
  const third = outcome([0.2, 0.2, 0.6], [0, 0, 1]);
  const metrics: Metric[] = [rocAuc(), windowed(rocAuc(), { size: 3 })];
  for (const metric of metrics) {
    expect(valueAfter(metric, two)).toBe(1);
    expect(valueAfter(metric, [...two, third])).toBeNaN();
  }
});

test('limits are refused when a measure is made', () => {
  expect(() => confusionMatrix({ classesMax: 1 })).toThrow(RangeError);
  expect(() => calibration({ bins: 0 })).toThrow(RangeError);
  expect(() => calibrationError({ bins: 1.5 })).toThrow(RangeError);
  expect(() => rocAuc({ bins: 1 })).toThrow(RangeError);
});
