import { describe, expect, it } from 'vitest';
import type { Learner } from '../../../src/learn/learner.ts';
import { pool } from '../../../src/learn/pool/pool.ts';
import { sharedMemoryCount } from '../../../src/math/wasm/arena.ts';
import { collectGarbage } from '../../collect-garbage.ts';
import { eventually } from '../../eventually.ts';
import { digest } from '../digest.ts';
import { type MadeUp, oneHots, rings, surface, swapped } from './streams.ts';

const binary = { task: 'classification', inputCount: 3, outputCount: 2, seed: 1 } as const;
const regression = { task: 'regression', inputCount: 4, outputCount: 1, seed: 1 } as const;

const argmax = (values: ArrayLike<number>): number =>
  Array.prototype.indexOf.call(values, Math.max(...Array.from(values)));

/** Learns the samples; returns the share that was predicted right, from a position on. */
const accuracy = (learner: Learner, samples: readonly MadeUp[], from: number): number => {
  let right = 0;
  for (const [i, { x, y }] of samples.entries()) {
    learner.learn(x, y);
    if (i >= from && argmax(learner.lastPrediction!()) === argmax(y)) right += 1;
  }
  return right / (samples.length - from);
};

describe('pool', () => {
  it('learns what no line parts, from inputs of any scale', () => {
    expect(accuracy(pool(binary), rings(2_000), 1_000)).toBeGreaterThan(0.93);
  });

  it('is back soon after a sudden drift', () => {
    const learner = pool({ ...binary, inputCount: 2, outputCount: 4 });
    expect(accuracy(learner, swapped(3_000), 1_700)).toBeGreaterThan(0.95);
  });

  it('learns a number of any scale', () => {
    const learner = pool(regression);
    let error = 0;
    for (const [i, { x, y }] of surface(2_000).entries()) {
      learner.learn(x, y);
      if (i >= 1_000) error += Math.abs(learner.lastPrediction()[0]! - y[0]!) / 1_000;
    }
    expect(error).toBeLessThan(90);
  });

  it.each([
    ['classes', binary, rings(600)],
    ['numbers', regression, surface(600)],
  ] as const)('predicts %s without changing anything', (_, options, samples) => {
    const learner = pool(options);
    for (const { x, y } of samples.slice(0, 300)) learner.learn(x, y);
    const before = digest(learner.save());
    const [sample] = samples.slice(-1);
    const prediction = learner.predict(sample!.x);
    expect(digest(learner.save())).toBe(before);
    learner.learn(sample!.x, sample!.y);
    expect(learner.lastPrediction()).toEqual([...prediction]);
  });

  it.each([
    ['classes', binary, rings(900)],
    ['numbers', regression, surface(900)],
  ] as const)('of %s carries on from a copy as if it had never stopped', (_, options, samples) => {
    const [one, two] = [pool(options), pool({ ...options, inputCount: 1, seed: 9 })];
    for (const { x, y } of samples.slice(0, 600)) one.learn(x, y);
    const copy = one.save();
    const before = digest(copy);
    two.load(copy);
    for (const { x, y } of samples.slice(600)) expect(two.learn(x, y)).toBe(one.learn(x, y));
    expect(digest(two.save())).toBe(digest(one.save()));
    expect(digest(copy)).toBe(before);
  });

  it('takes a new class without forgetting the others', () => {
    const learner = pool({ ...binary, inputCount: 2, outputCount: 3 });
    const samples = swapped(1_200).slice(0, 600);
    const known = samples
      .filter(({ y }) => y[3] === 0)
      .map(({ x, y }) => ({ x, y: y.slice(0, 3) }));
    accuracy(learner, known, 0);
    const before = learner.predict(known[0]!.x);
    learner.grow(2, 4);
    const after = learner.predict(known[0]!.x);
    expect(argmax(after)).toBe(argmax(before));
    expect(accuracy(learner, samples, 100)).toBeGreaterThan(0.95);
  });

  it('takes a new input, which weighs nothing at first', () => {
    const learner = pool(regression);
    for (const { x, y } of surface(300)) learner.learn(x, y);
    const x = [0.5, 0.5, 0.5, 0.5];
    const [before] = learner.predict(x);
    learner.grow(6, 1);
    expect(learner.predict(x)[0]).toBeCloseTo(before!, 6);
    expect(learner.predict([...x, 7, 8])[0]).toBeCloseTo(before!, 6);
    for (const sample of surface(50)) learner.learn([...sample.x, 1, 2], sample.y);
    expect(() => learner.grow(3, 1)).toThrow('shrink');
  });

  it('says whom it trusts, why, and shows its weights', () => {
    const learner = pool(regression);
    for (const { x, y } of surface(500)) learner.learn(x, y);
    const trusts = learner.experts();
    expect(trusts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    const sizes = [0, 0, 0, 0];
    for (const { x } of surface(50, 2)) {
      for (const [i, share] of learner.explain(x).entries()) sizes[i]! += Math.abs(share);
    }
    // The last input says nothing about the target.
    expect(sizes[3]).toBeLessThan(sizes[0]! / 2);
    const names = learner.tensors().map(({ name }) => name);
    expect(names).toContain('fast/l0.W');
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['classes', binary, rings(1_000)],
    ['numbers', regression, surface(1_000)],
  ] as const)('trusts the experts of %s by how well they predict', (_, options, samples) => {
    const learner = pool(options);
    const fresh = learner.experts().map(({ weight }) => weight);
    for (const { x, y } of samples) learner.learn(x, y);
    const weights = learner.experts().map(({ weight }) => weight);
    expect(Math.max(...weights)).toBeGreaterThan(1.5 * Math.max(...fresh));
    expect(Math.min(...weights)).toBeLessThan(Math.min(...fresh) / 1.5);
  });

  it('explains a regression in the unit of its target', () => {
    const learner = pool({ ...regression, inputCount: 1 });
    for (const { x } of surface(1_000)) learner.learn([x[0]!], [1_000 * x[0]! + 5_000]);
    const [[low], [high]] = [learner.explain([0.25]), learner.explain([0.75])];
    expect((high! - low!) / 500).toBeGreaterThan(0.8);
    expect((high! - low!) / 500).toBeLessThan(1.2);
  });

  it('sees its latest targets: it predicts a series from nothing but its own past', () => {
    const learner = pool({ ...regression, inputCount: 1 });
    let error = 0;
    for (let i = 0; i < 600; i += 1) {
      // The period is four: of the last target alone nothing follows.
      const y = [10, 10, 20, 20][i % 4]!;
      learner.learn([0], [y]);
      if (i >= 500) error += Math.abs(learner.lastPrediction()[0]! - y) / 100;
    }
    expect(error).toBeLessThan(1);
  });

  it('forgets what its experts have learned of an input', () => {
    const learner = pool(regression);
    for (const { x, y } of surface(300)) learner.learn(x, y);
    const columnOf = (input: number): number[] => {
      const { shape, values } = learner.tensors().find(({ name }) => name === 'steady/direct.W')!;
      return Array.from({ length: shape[0]! }, (_, k) => values[k * shape[1]! + input]!);
    };
    const [kept] = columnOf(1);
    expect(columnOf(0)[0]).not.toBe(0);
    learner.forget([0]);
    expect(columnOf(0)).toEqual([0]);
    expect(columnOf(1)).toEqual([kept]);
  });

  it('reports equal classes one by one as they appear', () => {
    const learner = pool({ ...binary, outputCount: 1 });
    learner.learn([1, 2, 3], [1]);
    for (let count = 2; count <= 20; count += 1) {
      learner.grow(3, count);
      learner.learn([count, 2, 3], oneHots(count)[count - 1]!);
      const sum = learner.predict([1, 2, 3]).reduce((whole, p) => whole + p, 0);
      expect(sum).toBeCloseTo(1, 6);
    }
  });

  it('gives intervals that hold as often as they say', () => {
    const learner = pool(regression);
    expect(learner.interval([0, 0, 0, 0])).toEqual({
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
    let inside = 0;
    for (const [i, { x, y }] of surface(1_500).entries()) {
      if (i >= 1_000) {
        const { low, high } = learner.interval(x, 0.8);
        if (low <= y[0]! && y[0]! <= high) inside += 1 / 500;
      }
      learner.learn(x, y);
    }
    expect(inside).toBeGreaterThan(0.74);
    expect(inside).toBeLessThan(0.88);
    expect(() => learner.interval([0, 0, 0, 0], 1)).toThrow('coverage');
    expect(() => pool(binary).interval([0, 0, 0])).toThrow('regression');
  });

  it('catches a rare class more often where all classes weigh the same', () => {
    const rare = rings(4_000).filter(({ y }, i) => y[0] === 1 || i % 15 === 0);
    const caught = (learner: Learner): number => {
      let [right, all] = [0, 0];
      for (const [i, { x, y }] of rare.entries()) {
        learner.learn([x[2]!, x[0]!, x[1]! * 1e6 + 3 * x[2]!], y);
        if (i < 500 || y[1] === 0) continue;
        all += 1;
        right += argmax(learner.lastPrediction!());
      }
      return right / all;
    };
    const balanced = pool({ ...binary, classWeights: 'balanced' });
    expect(caught(balanced)).toBeGreaterThan(caught(pool(binary)));
    const copy = pool({ ...binary, classWeights: 'balanced' });
    copy.load(balanced.save());
    expect(copy.learn([1, 2, 3], [1, 0])).toBe(balanced.learn([1, 2, 3], [1, 0]));
  });

  it('learns nothing from a sample that weighs nothing, but its scale', () => {
    const learner = pool(binary);
    for (const { x, y } of rings(100)) learner.learn(x, y);
    const before = learner.tensors().find(({ name }) => name === 'steady/direct.W')!;
    learner.learn([1, 2, 3], [1, 0], 0);
    const after = learner.tensors().find(({ name }) => name === 'steady/direct.W')!;
    expect(after.values).toEqual(before.values);
  });
});

it('leaves nothing behind when nobody holds it any more', async () => {
  const before = sharedMemoryCount();
  const leave = (): void => {
    for (let n = 0; n < 40; n += 1) pool(binary).learn([1, 2, 3], [1, 0]);
  };
  leave();
  expect(sharedMemoryCount()).toBeGreaterThan(before);
  await eventually(() => {
    collectGarbage();
    expect(sharedMemoryCount()).toBeLessThanOrEqual(before);
  });
});

it('names that come one by one, in hundreds, cost little more than learning', () => {
  const learner = pool({ task: 'classification', inputCount: 64, outputCount: 2, seed: 1 });
  const twin = pool({ task: 'classification', inputCount: 64, outputCount: 2, seed: 1 });
  for (let i = 65; i <= 200; i += 1) {
    const x = Array.from({ length: i }, (_, j) => (j === i - 1 ? 1 : Number.NaN));
    learner.grow(i, 2);
    expect(learner.inputCount).toBe(i);
    learner.learn(x, [i % 2, 1 - (i % 2)]);
    expect(learner.explain(x)).toHaveLength(2 * i);
  }
  twin.load(learner.save());
  const x = new Array<number>(200).fill(0.5);
  expect(twin.inputCount).toBe(200);
  expect(twin.predict(x)).toEqual(learner.predict(x));
  expect(() => learner.predict([...x, 1])).toThrow('200');
});
