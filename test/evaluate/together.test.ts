import { expect, test } from 'vitest';
import { evaluation } from '../../src/evaluate/evaluation.ts';
import { fading } from '../../src/evaluate/fading.ts';
import { type Metric, type Outcome, outcome } from '../../src/evaluate/metric.ts';
import { accuracy, logLoss, rocAuc } from '../../src/evaluate/metrics/index.ts';
import {
  classificationMetrics,
  regressionMetrics,
  threeWays,
} from '../../src/evaluate/standard-metrics.ts';
import { together } from '../../src/evaluate/together.ts';
import { windowed } from '../../src/evaluate/windowed.ts';
import { initialRandom, randomUniform } from '../../src/math/random.ts';
import { updateOf } from './updates.ts';

const random = initialRandom(1);
const outcomes: Outcome[] = Array.from({ length: 300 }, () => {
  const p = randomUniform(random);
  return outcome([1 - p, p], randomUniform(random) < p ? [0, 1] : [1, 0]);
});

const valueAfter = (metric: Metric): number => {
  const memory = metric.initial();
  for (const each of outcomes) metric.update(memory, each);
  return metric.value(memory);
};

const metrics: Readonly<Record<string, Metric>> = {
  accuracy: accuracy(),
  logLoss: logLoss(),
  rocAuc: rocAuc(),
};

test('a window and a fading past around a group are those around each member', () => {
  const window = windowed(together(metrics), { size: 100 });
  const past = fading(together(metrics), { factor: 0.98 });
  const memories = { window: window.initial(), past: past.initial() };
  for (const each of outcomes) {
    window.update(memories.window, each);
    past.update(memories.past, each);
  }
  for (const [name, metric] of Object.entries(metrics)) {
    const alone = windowed(metric, { size: 100 });
    expect(window.value(memories.window)[name]).toBe(valueAfter(alone));
    const faded = fading(metric, { factor: 0.98 });
    expect(past.value(memories.past)[name]).toBe(valueAfter(faded));
  }
});

test('a group resumes from a copied memory', () => {
  const group = fading(together(metrics), { factor: 0.5 });
  const memory = group.initial();
  for (const each of outcomes.slice(0, 100)) group.update(memory, each);
  const copy = structuredClone(memory);
  for (const each of outcomes.slice(100)) {
    group.update(memory, each);
    group.update(copy, each);
  }
  expect(group.value(copy)).toEqual(group.value(memory));
});

test('a group fades only if all of its members can', () => {
  expect(() => fading(together({ recent: windowed(accuracy()) }))).toThrow(/cannot fade/);
});

test.each([
  ['classificationMetrics', classificationMetrics()],
  ['regressionMetrics', regressionMetrics()],
])('the members of a group are read by their own names: %s', (_, named) => {
  const part = evaluation(threeWays(named, { size: 2 }));
  const memory = part.initial();
  for (const [i, y] of [
    [1, 0],
    [0, 1],
    [1, 0],
    [0, 1],
  ].entries()) {
    part.update(memory, updateOf(i, i % 2 === 0 ? [0.8, 0.2] : [0.6, 0.4], y));
  }
  const wanted = Object.keys(named).flatMap((name) => [name, `${name}.windowed`, `${name}.fading`]);
  expect(Object.keys(part.read(memory).metrics).sort()).toEqual(wanted.sort());
  expect(Object.keys(part.read(memory).baseline).every((name) => wanted.includes(name))).toBe(true);
});
