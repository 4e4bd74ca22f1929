import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Metric, type Outcome, outcome } from '../../src/evaluate/metric.ts';
import * as family from '../../src/evaluate/metrics/index.ts';
import { windowed } from '../../src/evaluate/windowed.ts';

interface Golden {
  readonly labels: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
  readonly binaryLabels: readonly number[];
  readonly scores: readonly number[];
  readonly targets: readonly number[];
  readonly predictions: readonly number[];
  readonly values: Readonly<Record<string, number>>;
}

const path = new URL('../golden/online.json', import.meta.url);
const golden: Golden = JSON.parse(readFileSync(path, 'utf8')).metrics;
const oneHot = (label: number): number[] => [0, 1, 2].map((k) => (k === label ? 1 : 0));

const classes = golden.labels.map((label, i) => outcome(golden.probabilities[i]!, oneHot(label)));
const scores = golden.binaryLabels.map((label, i) => outcome([golden.scores[i]!], [label]));
const numbers = golden.targets.map((y, i) => outcome([golden.predictions[i]!], [y]));

const outcomesFor = (name: string): Outcome[] => {
  if (name === 'rocAuc') return scores;
  return ['mae', 'rmse', 'r2'].includes(name) ? numbers : classes;
};

const valueAfter = (metric: Metric, outcomes: readonly Outcome[]): number => {
  const memory = metric.initial();
  for (const each of outcomes) metric.update(memory, each);
  return metric.value(memory);
};

test.each(Object.entries(golden.values))('%s is what scikit-learn says', (name, value) => {
  const make = (family as unknown as Record<string, () => Metric>)[name]!;
  expect(valueAfter(windowed(make(), { size: 500 }), outcomesFor(name))).toBeCloseTo(value, 9);
  expect(valueAfter(make(), outcomesFor(name))).toBeCloseTo(value, name === 'rocAuc' ? 3 : 9);
});
