import { describe, expect, it } from 'vitest';
import type { Learner } from '../../src/learn/learner.ts';
import { seedNetwork, singleNetwork } from '../../src/learn/single-network.ts';
import { initialRandom, randomNormal } from '../../src/math/random.ts';

const random = initialRandom(5);
const draws = (count: number): number[] =>
  Array.from({ length: count }, () => randomNormal(random));
const oneHot = [Float64Array.of(1, 0), Float64Array.of(0, 1)] as const;
const options = { inputCount: 2, outputCount: 2, task: 'classification' } as const;
const regression = { ...options, outputCount: 1, task: 'regression' } as const;

/** The share of the last 500 of 1,500 samples that were predicted right: 1e6 x0 > x1. */
const accuracy = (learner: Learner): number => {
  let right = 0;
  for (let i = 0; i < 1_500; i += 1) {
    const [a, b] = draws(2);
    const label = a! > b! ? 1 : 0;
    learner.learn([a! * 1e6, b!], oneHot[label]);
    const prediction = learner.lastPrediction!();
    if (i >= 1_000 && (prediction[1]! > prediction[0]! ? 1 : 0) === label) right += 1;
  }
  return right / 500;
};

for (const make of [singleNetwork, seedNetwork]) {
  describe(make.name, () => {
    it('learns inputs of any scale', () => {
      expect(accuracy(make(options))).toBeGreaterThan(0.9);
    });

    it('learns a target of any scale', () => {
      const learner = make(regression);
      let late = 0;
      for (let i = 0; i < 2_000; i += 1) {
        const x = draws(2);
        const y = 1e6 + 1e5 * (x[0]! + x[1]!);
        learner.learn(x, [y]);
        if (i >= 1_000) late += Math.abs(learner.lastPrediction!()[0]! - y) / 1_000;
      }
      expect(late).toBeLessThan(3e4);
    });

    it('predicts what lastPrediction gives afterwards, and changes nothing by it', () => {
      const learner = make(regression);
      for (let i = 0; i < 50; i += 1) learner.learn(draws(2), draws(1));
      const x = draws(2);
      const before = learner.save();
      const prediction = learner.predict(x);
      expect(learner.save()).toEqual(before);
      learner.learn(x, [1]);
      expect(learner.lastPrediction!()).toEqual([...prediction]);
    });

    it('carries on from a copy as if it had never stopped', () => {
      const [one, two] = [make(regression), make(regression)];
      for (let i = 0; i < 50; i += 1) one.learn(draws(2), draws(1));
      two.load(one.save());
      for (let i = 0; i < 50; i += 1) {
        const [x, y] = [draws(2), draws(1)];
        expect(two.learn(x, y)).toBe(one.learn(x, y));
      }
      expect(two.save()).toEqual(one.save());
    });

    it('takes missing numbers, shorter vectors and huge ones, and refuses infinite ones', () => {
      const learner = make(options);
      for (const x of [[Number.NaN, 1], [1], [], [1e300, -1e300], [2, 3]]) {
        expect(learner.learn(x, oneHot[0])).toBeGreaterThanOrEqual(0);
      }
      expect(() => learner.learn([Number.POSITIVE_INFINITY, 0], oneHot[0])).toThrow('x[0]');
      expect(() => learner.learn([0, 0, 0], oneHot[0])).toThrow('3 numbers');
      expect(() => learner.learn([0, 0], [Number.NaN, 0])).toThrow('y[0]');
      expect(() => learner.learn([0, 0], oneHot[0], -1)).toThrow('weight');
    });

    it('grows, and explains each input', () => {
      const learner = make(options);
      for (let i = 0; i < 50; i += 1) learner.learn(draws(2), oneHot[i % 2]!);
      learner.grow!(3, 3);
      learner.learn([1, 2, 3], [0, 0, 1]);
      expect(learner.predict([1, 2, 3])).toHaveLength(3);
      expect(learner.explain!([1, 2, 3])).toHaveLength(9);
      expect(learner.tensors!().map(({ name }) => name)).toEqual(['l0.W', 'l0.b', 'l1.W', 'l1.b']);
    });

    it('refuses invalid options', () => {
      expect(() => make({ ...options, inputCount: 0 })).toThrow('inputCount');
      expect(() => make({ ...regression, outputCount: 2 })).toThrow('regression');
      expect(() => make({ ...options, task: 'clustering' as 'regression' })).toThrow('task');
    });
  });
}
