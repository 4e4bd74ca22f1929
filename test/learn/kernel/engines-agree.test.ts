import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Network } from '../../../src/learn/network.ts';
import type { Optimizer } from '../../../src/learn/optimizer.ts';
import { sgd } from '../../../src/learn/optimizers/index.ts';
import { RandomSamples, randomNetwork } from './random-networks.ts';

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let largest = 0;
  for (let i = 0; i < b.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(b[i]!));
    // NaN must not pass for small.
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
};

const parametersOf = (network: Network): Float64Array =>
  network.save()['parameters'] as Float64Array;

/**
 * The mean of a batch may cancel to nothing but rounding. Adam and its kin make a full step of any
 * gradient, however small, so that there the engines may step apart; the others stay alike.
 */
const networkForBatches = randomNetwork.filter(({ optimizer }) =>
  ['sgd', 'momentum', 'nesterov'].includes((optimizer as Optimizer).name),
);

/**
 * The first z-scores are large: with steps of any length networks run wild on them, and there float32
 * and float64 part ways.
 */
const standardisingNetwork = randomNetwork.map((options) => ({
  ...options,
  standardise: true,
  optimizer: sgd({ learningRate: 0.01 }),
  gradientClip: 0.5,
}));

describe('the two engines', () => {
  it('make the same update from the same parameters and memory', () => {
    fc.assert(
      fc.property(fc.oneof(randomNetwork, standardisingNetwork), (options) => {
        using reference = new Network({ ...options, engine: 'reference' });
        using simd = new Network({ ...options, engine: 'simd' });
        const samples = new RandomSamples(options);
        for (let step = 0; step < 25; step++) {
          simd.load(reference.save());
          const { x, y } = samples.next();
          const weight = step % 5 === 0 ? 0.5 : 1;
          const cost = reference.learn(x, y, weight);
          expect(largestDifference([simd.learn(x, y, weight)], [cost])).toBeLessThan(1e-4);
          expect(largestDifference(simd.lastPrediction(), reference.lastPrediction())).toBeLessThan(
            1e-5,
          );
          expect(largestDifference(parametersOf(simd), parametersOf(reference))).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('keep agreeing over 1,000 updates of one network', () => {
    const options = {
      sizes: [10, 16, 3],
      activations: ['relu', 'softmax'],
      loss: 'crossEntropy',
      optimizer: 'rmsprop',
    } as const;
    using reference = new Network({ ...options, engine: 'reference' });
    using simd = new Network({ ...options, engine: 'simd' });
    const samples = new RandomSamples(options);
    for (let step = 0; step < 1_000; step++) {
      simd.load(reference.save());
      const { x, y } = samples.next();
      reference.learn(x, y);
      simd.learn(x, y);
      expect(largestDifference(parametersOf(simd), parametersOf(reference))).toBeLessThan(1e-5);
    }
  });

  it('have the same costs when they run freely', () => {
    fc.assert(
      fc.property(randomNetwork, (options) => {
        using reference = new Network({ ...options, engine: 'reference' });
        using simd = new Network({ ...options, engine: 'simd' });
        const samples = new RandomSamples(options);
        let [expected, found] = [0, 0];
        for (let step = 0; step < 200; step++) {
          const { x, y } = samples.next();
          expected += reference.learn(x, y);
          found += simd.learn(x, y);
        }
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(0.01 * Math.abs(expected) + 1e-3);
      }),
      { numRuns: 20 },
    );
  });

  it('learn the mean gradient of a batch alike', () => {
    fc.assert(
      fc.property(
        fc.oneof(networkForBatches, standardisingNetwork),
        fc.integer({ min: 1, max: 90 }),
        (options, count) => {
          using reference = new Network({ ...options, engine: 'reference' });
          using simd = new Network({ ...options, engine: 'simd' });
          const samples = new RandomSamples(options);
          for (let batch = 0; batch < 3; batch++) {
            simd.load(reference.save());
            const some = Array.from({ length: count }, (_, k) => ({
              ...samples.next(),
              weight: k < 3 ? 2 : 1,
            }));
            const costs = reference.learnBatch(some);
            expect(largestDifference(simd.learnBatch(some), costs)).toBeLessThan(1e-4);
            expect(largestDifference(parametersOf(simd), parametersOf(reference))).toBeLessThan(
              1e-5,
            );
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('grow alike, and new parameters get steps of their own age', () => {
    fc.assert(
      fc.property(
        fc.oneof(randomNetwork, standardisingNetwork),
        fc.array(fc.tuple(fc.nat(9), fc.nat(5)), { minLength: 1, maxLength: 4 }),
        (options, growths) => {
          using reference = new Network({ ...options, engine: 'reference' });
          using simd = new Network({ ...options, engine: 'simd' });
          for (const [inputs, outputs] of growths) {
            const grown = { ...options, sizes: reference.sizes };
            const samples = new RandomSamples(grown);
            for (let step = 0; step < 10; step++) {
              const { x, y } = samples.next();
              expect(largestDifference([simd.learn(x, y)], [reference.learn(x, y)])).toBeLessThan(
                1e-3,
              );
            }
            expect(largestDifference(parametersOf(simd), parametersOf(reference))).toBeLessThan(
              2e-3,
            );
            const counts = [
              reference.inputCount + inputs,
              reference.outputCount + outputs,
            ] as const;
            reference.grow(...counts);
            simd.grow(...counts);
            expect(simd.sizes).toEqual(reference.sizes);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
