import { describe, expect, test } from 'vitest';
import { fading } from '../../src/evaluate/fading.ts';
import { type Metric, type Outcome, outcome } from '../../src/evaluate/metric.ts';
import * as family from '../../src/evaluate/metrics/index.ts';
import { windowed } from '../../src/evaluate/windowed.ts';
import type { MemoryValue } from '../../src/learn/learner.ts';
import { initialRandom, randomUniform } from '../../src/math/random.ts';
import { nonFiniteIn } from '../../src/snapshot/finite-memory.ts';
import type { Formula } from './metric-sums.ts';
import { subjectsIn } from './subjects.ts';

const formulas = subjectsIn<Formula>(
  import.meta.glob('./metrics/*.ts', { eager: true, import: 'formula' }),
);

const random = initialRandom(7);

/** Two classes that come in runs, probabilities in whole hundredths, weights from 1 to 3. */
const draw = (count: number): Outcome[] => {
  let isOne = false;
  return Array.from({ length: count }, () => {
    if (randomUniform(random) < 0.4) isOne = !isOne;
    const wanted = isOne ? 0.6 : 0.35;
    const p = Math.round(100 * (0.5 * wanted + 0.5 * randomUniform(random)) + 0.5) / 101;
    const weight = 1 + Math.floor(3 * randomUniform(random));
    return outcome([1 - p, p], isOne ? [0, 1] : [1, 0], weight);
  });
};

const outcomes = draw(600);

const valueAfter = (metric: Metric, seen: readonly Outcome[]): number => {
  const memory = metric.initial();
  for (const each of seen) metric.update(memory, each);
  return metric.value(memory);
};

const weighted = (seen: readonly Outcome[], factorOf: (i: number) => number): Outcome[] =>
  seen.map((each, i) => ({ ...each, weight: each.weight * factorOf(i) }));

test('each formula is that of a metric', () => {
  expect([...formulas.keys()].filter((name) => !(name in family))).toEqual([]);
});

describe.each(Object.entries(family) as [string, () => Metric][])('%s', (name, make) => {
  const formula = formulas.get(name);
  // What a metric gathers in bins agrees with the formula to the width of a bin.
  const digits = make().exact === undefined ? 10 : 2;

  test('is exported under its own name', () => {
    expect(make().name).toBe(name);
  });

  test('remembers finite numbers alone, as a checkpoint takes no others', () => {
    const ways = [
      make(),
      windowed(make(), { size: 10 }),
      fading(make(), { factor: 0.9 }),
    ] as unknown as readonly Metric[];
    for (const metric of ways) {
      const memory = metric.initial();
      expect(nonFiniteIn(memory as MemoryValue)).toBeUndefined();
      for (const each of outcomes.slice(0, 40)) {
        metric.update(memory, each);
        expect(nonFiniteIn(memory as MemoryValue)).toBeUndefined();
      }
    }
  });

  test('equals the formula over the whole batch', () => {
    expect(
      formula,
      `test/contracts/metrics/ needs a file with the formula of ${name}`,
    ).toBeDefined();
    expect(valueAfter(make(), outcomes)).toBeCloseTo(formula!(outcomes), digits);
  });

  test('in a window equals the formula over the newest', () => {
    const value = valueAfter(windowed(make(), { size: 100 }), outcomes);
    expect(value).toBeCloseTo(formula!(outcomes.slice(-100)), 10);
  });

  test('fading equals the formula with fading weights', () => {
    const faded = weighted(outcomes, (i) => 0.9 ** (outcomes.length - i));
    expect(valueAfter(fading(make(), { factor: 0.9 }), outcomes)).toBeCloseTo(
      formula!(faded),
      digits,
    );
  });

  test('fading stays in range where the oldest weight would be lost', () => {
    const value = valueAfter(fading(make(), { factor: 0.5 }), outcomes);
    const newest = weighted(outcomes.slice(-60), (i) => 0.5 ** (60 - i));
    expect(value).toBeCloseTo(formula!(newest), 2);
  });

  test('is not defined before the first outcome', () => {
    expect(make().value(make().initial())).toBeNaN();
  });

  test('a weight of two counts as the same outcome twice', () => {
    const twice = outcomes.map(({ prediction, y }) => outcome(prediction, y, 2));
    const value = valueAfter(make(), twice);
    expect(value).toBeCloseTo(formula!(twice), digits);
  });

  const ways: [string, (metric: Metric) => Metric][] = [
    ['as it is', (metric) => metric],
    ['in a window', (metric) => windowed(metric, { size: 50 })],
    ['fading', (metric) => fading(metric, { factor: 0.99 })],
  ];

  test.each(ways)('%s, resumes from a copied memory as if it had never stopped', (_, wrap) => {
    const metric = wrap(make());
    const memory = metric.initial();
    for (const each of outcomes.slice(0, 300)) metric.update(memory, each);
    const copy = structuredClone(memory);
    for (const each of outcomes.slice(300)) metric.update(copy, each);
    expect(metric.value(copy)).toBe(valueAfter(metric, outcomes));
  });

  test('reading changes nothing', () => {
    const metric = make();
    const memory = metric.initial();
    for (const each of outcomes.slice(0, 50)) metric.update(memory, each);
    const before = structuredClone(memory);
    metric.value(memory);
    expect(memory).toEqual(before);
  });

  test('classes may appear later', () => {
    const later = [
      outcome([0.7, 0.3], [1, 0]),
      outcome([0.2, 0.8, 0], [0, 0, 1]),
      outcome([0.1, 0.2, 0.7], [0, 0, 1]),
      outcome([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4], [0, 0, 0, 0, 0, 0, 1]),
    ];
    const ways: Metric[] = [make(), windowed(make(), { size: 3 }), fading(make())];
    for (const metric of ways) {
      const memory = metric.initial();
      for (const each of later) metric.update(memory, each);
      expect(metric.value(memory)).not.toBe(Number.POSITIVE_INFINITY);
    }
  });
});
