import { describe, expect, it } from 'vitest';
import { encoder } from '../../../src/encode/encoder.ts';
import { learning } from '../../../src/learn/learning.ts';
import { pool } from '../../../src/learn/pool/pool.ts';
import { initialRandom, randomNormal } from '../../../src/math/random.ts';
import type { Example } from '../../../src/sources/example.ts';
import { oneHots, surface } from './streams.ts';

const binary = { task: 'classification', inputCount: 2, outputCount: 2 } as const;
const regression = { task: 'regression', inputCount: 2, outputCount: 1 } as const;
const random = initialRandom(1);
const draws = (count: number): number[] =>
  Array.from({ length: count }, () => randomNormal(random));

/** Learns examples as a pipeline does. Returns every cost and prediction. */
const learnAll = (
  examples: readonly Example[],
  task: 'classification' | 'regression',
): number[] => {
  const encoding = encoder({ task });
  const memory = encoding.initial();
  const part = learning(pool({ task, inputCount: 1, outputCount: 1 }), { growing: true });
  const state = part.initial();
  return examples.flatMap((example) => {
    const update = part.update(state, encoding.update(memory, example));
    return [update.cost, ...Array.from(update.prediction)];
  });
};

describe('a pool and bad input', () => {
  it('stays finite with values of 1e300 in inputs and of 1e15 in the target', () => {
    const learner = pool(regression);
    for (let i = 0; i < 300; i += 1) {
      const [a, b] = draws(2);
      const isHuge = i % 50 === 49;
      learner.learn([isHuge ? 1e300 : a!, isHuge ? -1e300 : b!], [isHuge ? 1e15 : a!]);
      expect(Number.isFinite(learner.predict([a!, b!])[0])).toBe(true);
    }
  });

  it('stays finite with a sample that weighs 1e6, and refuses one that weighs more', () => {
    for (const [options, y] of [
      [regression, [3]],
      [binary, [0, 1]],
    ] as const) {
      const learner = pool(options);
      for (let i = 0; i < 300; i += 1) learner.learn(draws(2), y, i === 99 ? 1e6 : 1);
      expect(() => learner.learn(draws(2), y, 1e300)).toThrow(/weight is 1e\+300/);
      expect([...learner.predict(draws(2))].every(Number.isFinite)).toBe(true);
    }
  });

  it('stays finite with a target that never changes', () => {
    const learner = pool(regression);
    for (let i = 0; i < 300; i += 1) learner.learn(draws(2), [7]);
    expect(learner.predict(draws(2))[0]).toBeCloseTo(7, 6);
  });

  it('is back after a target that jumps by 1e6', () => {
    const learner = pool({ ...regression, inputCount: 4 });
    const samples = surface(1_200);
    let error = 0;
    for (const [i, { x, y }] of samples.entries()) {
      const target = y[0]! + (i >= 400 ? 1e6 : 0);
      learner.learn(x, [target]);
      if (i >= 1_000) error += Math.abs(learner.lastPrediction()[0]! - target) / 200;
    }
    // The jump is hundreds of times the range of the target before it.
    expect(error).toBeLessThan(50_000);
  });

  it('stays finite with one class only, and with a class seen once', () => {
    const learner = pool(binary);
    const [often, once] = oneHots(2);
    for (let i = 0; i < 300; i += 1) {
      expect(learner.learn(draws(2), i === 150 ? once! : often!)).toBeGreaterThanOrEqual(0);
    }
    expect(learner.predict(draws(2))[0]).toBeGreaterThan(0.9);
    const alone = pool({ ...binary, outputCount: 1 });
    for (let i = 0; i < 20; i += 1) expect(alone.learn(draws(2), [1])).toBeCloseTo(0, 9);
  });

  it('takes names of every kind, empty records, and text where a number was', () => {
    const examples: Example[] = Array.from({ length: 200 }, (_, i) => ({
      features:
        i % 5 === 0
          ? {}
          : { ['__proto__']: i, constructor: 'x', a: i % 7 === 0 ? 'text' : i, b: i % 2 === 0 },
      target: i % 2 === 0 ? 'yes' : 'no',
    }));
    expect(learnAll(examples, 'classification').every(Number.isFinite)).toBe(true);
  });

  it('takes 10,000 names within bounded memory', { timeout: 120_000 }, () => {
    const learner = pool(binary);
    const hot = oneHots(2);
    learner.learn([0, 1], hot[0]!);
    learner.grow(10_000, 2);
    const x = Float64Array.from({ length: 10_000 }, (_, i) => Math.sin(i));
    for (let i = 0; i < 20; i += 1) learner.learn(x.subarray(0, 500 * (i + 1)), hot[i % 2]!);
    expect(learner.predict(x).every(Number.isFinite)).toBe(true);
    expect(bytesOf(learner.save())).toBeLessThan(200e6);
  });

  it('begins an expert again that is no longer finite, while the others continue', () => {
    const learner = pool(binary);
    const hot = oneHots(2);
    for (let i = 0; i < 50; i += 1) learner.learn(draws(2), hot[i % 2]!);
    const memory = structuredClone(learner.save()) as {
      experts: Record<string, { net: { rows: Float32Array } }>;
    };
    memory.experts['fast']!.net.rows.fill(Number.NaN);
    learner.load(memory as never);
    expect([...learner.predict([1, 2])].every(Number.isFinite)).toBe(true);
    for (let i = 0; i < 50; i += 1) learner.learn(draws(2), hot[i % 2]!);
    const fast = learner.tensors().filter(({ name }) => name.startsWith('fast/'));
    expect(fast.every(({ values }) => [...values].every(Number.isFinite))).toBe(true);
  });
});

const bytesOf = (value: unknown): number => {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + bytesOf(part), 0);
};
