import fc from 'fast-check';
import { from } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { ownTarget } from '../../src/encode/operators.ts';
import { scaler } from '../../src/encode/standardise.ts';
import { standardMetrics } from '../../src/evaluate/standard-metrics.ts';
import { autoencoder } from '../../src/learn/autoencoder.ts';
import { hedge } from '../../src/learn/hedge.ts';
import { isFiniteMemory } from '../../src/learn/last-good.ts';
import type { Learner, Update } from '../../src/learn/learner.ts';
import { learning, type Rollback } from '../../src/learn/learning.ts';
import { Network } from '../../src/learn/network.ts';
import { learn } from '../../src/learn/operators.ts';
import { pool } from '../../src/learn/pool/pool.ts';
import { seedNetwork, singleNetwork } from '../../src/learn/single-network.ts';
import type { TaskOptions } from '../../src/learn/targets.ts';
import { Pipeline } from '../../src/pipeline.ts';
import type { Sample } from '../../src/sources/sample.ts';
import { TARGET_MAX, WEIGHT_MAX } from '../../src/sources/sample-range.ts';
import type { Rejection } from '../../src/stream/rejection.ts';

import '../property-seed.ts';

const learners: Readonly<Record<string, (options: TaskOptions) => Learner>> = {
  pool,
  singleNetwork,
  seedNetwork,
  hedge: (options) => hedge([pool(options), seedNetwork(options)], options),
};

const [largest, heaviest] = [TARGET_MAX, WEIGHT_MAX];
const extremes = [0, -0, 1, -1, 1e-300, 5e-324, 1e15, -1e15, 20, 1e6];
const features = fc.oneof(
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(...extremes, Number.NaN, 1e150, -1e150, 1.7e308, -1.7e308),
);
const targets = fc.oneof(
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(...extremes, largest, -largest),
);
const weights = fc.oneof(
  fc.constant(1),
  fc.constantFrom(0, 5e-324, 1e-10, 0.5, 100, heaviest, heaviest),
);
const samples = fc.array(
  fc.record({
    x: fc.tuple(features, features),
    target: targets,
    label: fc.nat(2),
    weight: weights,
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

const settings = { numRuns: 6 };

describe.each(Object.entries(learners))('%s', (_name, make) => {
  test.each(['regression', 'classification'] as const)(
    'stays finite in all that it remembers, whatever samples in range come: %s',
    (task) => {
      fc.assert(
        fc.property(samples, (given) => {
          const outputCount = task === 'regression' ? 1 : 3;
          const learner = make({ task, inputCount: 2, outputCount });
          for (const { x, target, label, weight } of given) {
            const y = task === 'regression' ? [target] : [0, 1, 2].map((k) => Number(k === label));
            expect(learner.learn(x, y, weight)).toSatisfy(Number.isFinite);
            expect(Array.from(learner.predict(x)).every(Number.isFinite)).toBe(true);
          }
          expect(isFiniteMemory(learner.save())).toBe(true);
        }),
        settings,
      );
    },
  );

  test('refuses a target and a weight out of range, and nothing has changed', () => {
    const learner = make({ task: 'regression', inputCount: 2, outputCount: 1 });
    for (let i = 0; i < 20; i += 1) learner.learn([i, -i], [i % 3]);
    const before = learner.save();
    for (const target of [1.1e15, -1e77, 1e308, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => learner.learn([1, 2], [target])).toThrow(/y\[0\] is .*from -1e15 to 1e15/);
    for (const weight of [1.1e6, 1e40, 1e100, -1, Number.NaN])
      expect(() => learner.learn([1, 2], [1], weight)).toThrow(/weight is .*from 0 to 1e6/);
    expect(learner.save()).toEqual(before);
  });
});

test.each(['simd', 'reference'] as const)(
  'a network (%s) refuses what is out of range',
  (engine) => {
    const network = new Network({ sizes: [2, 3, 2], engine });
    const before = network.save();
    for (const target of [1.1e15, -1e30, 1e77, 1e308, Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => network.learn([1, 2], [0, target])).toThrow(/y\[1\] is .*from -1e15 to 1e15/);
      const both = [{ x: [1, 2], y: [0, target] }];
      expect(network.learnMany(both)).toEqual(Float64Array.of(Number.NaN));
      expect(network.learnBatch(both)).toEqual(Float64Array.of(Number.NaN));
    }
    expect(() => network.learn([1, 2], [0, 1], 1e40)).toThrow(/weight is 1e\+40/);
    expect(network.save()).toEqual(before);
    expect(network.learn([1, 2], [0, largest])).toSatisfy(Number.isFinite);
  },
);

test('an autoencoder behind a scaler stays finite, whatever features come', () => {
  const [scaling, self] = [scaler({ from: 'all' }), ownTarget()];
  fc.assert(
    fc.property(samples, (given) => {
      const memory = scaling.initial();
      const learner = autoencoder({ inputCount: 2 });
      for (const { x, weight } of given) {
        const { x: z } = self.update(null, scaling.update(memory, { x }));
        expect(learner.learn(z, z, weight)).toSatisfy(Number.isFinite);
      }
      expect(isFiniteMemory(learner.save())).toBe(true);
    }),
    settings,
  );
});

test('a pipeline rejects what is out of range, says why, and remembers only finite numbers', () => {
  const rejections: Rejection[] = [];
  const pipeline = new Pipeline({
    task: 'regression',
    learner: pool({ task: 'regression', inputCount: 1, outputCount: 1 }),
    metrics: standardMetrics('regression'),
    audience: { publish() {}, event() {}, reject: (rejection) => rejections.push(rejection) },
  });
  const rows = Array.from({ length: 60 }, (_, i) => ({ features: { a: i % 7 }, target: i % 7 }));
  const bad = [
    { features: { a: 1 }, target: 1e77 },
    { features: { a: 1 }, target: -1e308 },
    { features: { a: 1 }, target: 1, weight: 1e40 },
  ];
  pipeline.run(from([...rows, ...bad, ...rows])).subscribe();
  expect(rejections.map(({ reason, index }) => [index, reason])).toEqual([
    [60, 'the target is 1e+77: expected a number from -1e15 to 1e15'],
    [61, 'the target is -1e+308: expected a number from -1e15 to 1e15'],
    [62, 'weight is 1e+40: expected a number from 0 to 1e6'],
  ]);
  expect(pipeline.step).toBe(120);
  expect(isFiniteMemory(pipeline.save())).toBe(true);
});

describe('a learner of the user', () => {
  const own = (costs: (y: number) => number): Learner => ({
    inputCount: 1,
    outputCount: 1,
    predict: () => Float64Array.of(0),
    learn: (_x, y) => costs(y[0]!),
    save: () => ({}),
    load() {},
  });

  test('is not asked to learn from a weight out of range, and a cost out of range is a rejection', () => {
    const rejections: Rejection[] = [];
    const given: Sample[] = [
      { x: [1], y: [2] },
      { x: [1], y: [1e77] },
      { x: [1], y: [2], weight: 1e40 },
    ];
    const updates: Update[] = [];
    from(given)
      .pipe(
        learn(
          own((y) => y * y),
          { rejected: { next: (found) => rejections.push(found) } },
        ),
      )
      .subscribe((update) => updates.push(update));
    expect(updates.map(({ cost }) => cost)).toEqual([4]);
    expect(rejections.map(({ index }) => index)).toEqual([1, 2]);
  });
});

describe('the state to go back to', () => {
  /** Its cost is always finite, its optimizer is not from one sample on. */
  const spoiling = (at: number): Learner & { count: number } => ({
    inputCount: 1,
    outputCount: 1,
    count: 0,
    predict: () => Float64Array.of(0),
    learn() {
      this.count += 1;
      return 1;
    },
    save() {
      return { count: this.count, squares: Float32Array.of(this.count >= at ? 1 / 0 : 1) };
    },
    load({ count }) {
      this.count = count as number;
    },
  });

  const run = (learner: Learner, count: number): Rollback[] => {
    const rollbacks: Rollback[] = [];
    const rolledBack = { next: (rollback: Rollback) => rollbacks.push(rollback) };
    const part = learning(learner, { copyEvery: 10, rolledBack });
    const memory = part.initial();
    for (let i = 0; i < count; i += 1) part.update(memory, { x: [1], y: [1] });
    return rollbacks;
  };

  test('has a finite optimizer too: one that is not is found when the next copy is due', () => {
    const learner = spoiling(25);
    expect(run(learner, 30)).toEqual([{ step: 30, undone: 10 }]);
    expect(learner.count).toBe(20);
    expect(isFiniteMemory(learner.save())).toBe(true);
  });

  test('is none where the learner never was finite', () => {
    const learner = spoiling(0);
    expect(run(learner, 100)).toEqual([]);
    expect(learner.count).toBe(100);
  });
});
