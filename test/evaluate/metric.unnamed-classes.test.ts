import { expect, test } from 'vitest';
import { calibration } from '../../src/evaluate/calibration.ts';
import { confusionMatrix } from '../../src/evaluate/confusion-matrix.ts';
import { mistakeOf } from '../../src/evaluate/detector.ts';
import { evaluation } from '../../src/evaluate/evaluation.ts';
import { type Measure, NO_CLASS, outcome } from '../../src/evaluate/metric.ts';
import * as metrics from '../../src/evaluate/metrics/index.ts';
import { windowed } from '../../src/evaluate/windowed.ts';
import type { Update } from '../../src/learn/learner.ts';

/** The first samples of a stream: no class is known, then one, then two; the last one is right. */
const first: readonly (readonly [number[], number[]])[] = [
  [[], [1, 0]],
  [[1], [0, 1]],
  [
    [0.7, 0.3],
    [0, 0, 1],
  ],
  [
    [0.1, 0.7, 0.2],
    [0, 1, 0],
  ],
];

const measured = <Value>(measure: Measure<never, Value>): Value => {
  const part = measure as unknown as Measure<Record<string, never>, Value>;
  const memory = part.initial();
  for (const [prediction, y] of first) part.update(memory, outcome(prediction, y));
  return part.value(memory);
};

test('a prediction over fewer classes than there are names one of those, or none', () => {
  const seen = first.map(([prediction, y]) => outcome(prediction, y));
  expect(seen.map(({ predictedClass }) => predictedClass)).toEqual([NO_CLASS, 0, 0, 1]);
  expect(seen.map(({ prediction }) => prediction.length)).toEqual([2, 2, 3, 3]);
  const updates = first.map(([prediction, y]): Update => {
    return { step: 1, sample: { x: [1], y }, prediction, cost: 1 };
  });
  expect(updates.map(mistakeOf)).toEqual([1, 1, 1, 0]);
});

test('a single output of a single target is still the probability of class 1', () => {
  expect(outcome([0.7], [1])).toMatchObject({ predictedClass: 1, trueClass: 1 });
  expect(outcome([0.2], [1])).toMatchObject({ predictedClass: 0, trueClass: 1 });
});

test.each(Object.entries(metrics))('%s has the first sample of each class in it', (name, make) => {
  const expected: Record<string, number> = {
    accuracy: 1 / 4,
    balancedAccuracy: (0 + 1 / 2 + 0) / 3,
    calibrationError: (0 + 1 + Math.abs(2 * 0.7 - 1)) / 4,
    // Of four: truths 1, 2, 1; predictions 2, 1, 0, and one that names none.
    cohenKappa: (1 / 4 - (2 + 2) / 16) / (1 - (2 + 2) / 16),
    kappaTemporal: 1 / 3,
    logLoss: (3 * -Math.log(1e-15) - Math.log(0.7)) / 4,
    macroF1: (0 + 2 / 3 + 0) / 3,
    mae: (1 / 2 + 1 + (0.7 + 0.3 + 1) / 3 + (0.1 + 0.3 + 0.2) / 3) / 4,
  };
  const bins = { rocAuc: Number.NaN };
  const value = measured(make() as never) as number;
  if (name in bins) expect(value).toBeNaN();
  else if (name in expected) expect(value).toBeCloseTo(expected[name]!, 9);
  else expect(value).toSatisfy(Number.isFinite);
});

test('a window over the first samples has the same values', () => {
  for (const metric of [metrics.logLoss(), metrics.accuracy(), metrics.macroF1()]) {
    const whole = measured(metric as never) as number;
    expect(measured(windowed(metric as never, { size: 10 }) as never)).toBeCloseTo(whole, 9);
  }
});

test('the confusion matrix has a column more for what was predicted before any class was known', () => {
  expect(measured(confusionMatrix() as never)).toEqual([
    [0, 0, 0, 1],
    [1, 1, 0, 0],
    [1, 0, 0, 0],
  ]);
});

test('the calibration has the first sample where nothing is certain', () => {
  const bins = measured(calibration({ bins: 2 }) as never);
  expect(bins).toMatchObject([
    { count: 1, confidence: 0, accuracy: 0 },
    { count: 3, accuracy: 1 / 3 },
  ]);
});

test('the area under the curve has a new class as the worst of its kind', () => {
  const scored: readonly (readonly [number[], number[]])[] = [
    [[], [1, 0]],
    [[1], [0, 1]],
    [
      [0.6, 0.4],
      [1, 0],
    ],
    [
      [0.4, 0.6],
      [0, 1],
    ],
  ];
  const part = metrics.rocAuc();
  const memory = part.initial();
  for (const [prediction, y] of scored) part.update(memory, outcome(prediction, y));
  // Of four pairs, 0.6 above both; the new class 1 below one and tied with the other.
  expect(part.value(memory)).toBeCloseTo((2 + 0.5) / 4, 9);
});

test('"as last time" names no class before it has come', () => {
  const part = evaluation({ accuracy: metrics.accuracy() });
  const memory = part.initial();
  for (let i = 0; i < 20; i += 1) {
    const y = Array.from({ length: Math.max(2, i + 1) }, (_, k) => (k === i ? 1 : 0));
    part.update(memory, { step: i + 1, sample: { x: [1], y }, prediction: y.slice(0, i), cost: 1 });
  }
  const { metrics: own, baseline } = part.read(memory);
  expect([own['accuracy'], baseline['accuracy']]).toEqual([0, 0]);
});
