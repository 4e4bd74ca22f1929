import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabelledSample } from '../../../src/learn/labelled-sample.ts';
import { Network } from '../../../src/learn/network.ts';
import { sgd } from '../../../src/learn/optimizers/index.ts';
import { builtInOptimizers, RandomSamples, steadyNetwork } from './random-networks.ts';

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
 * The first z-scores are large: with steps of any length networks run wild on them, and there float32
 * and float64 part ways.
 */
const standardisingNetwork = steadyNetwork.map((options) => ({
  ...options,
  standardise: true,
  optimizer: sgd({ learningRate: 0.01 }),
  gradientClip: 0.5,
}));

const networks = fc.oneof(steadyNetwork, standardisingNetwork);

type Engines = readonly [reference: Network, simd: Network];

/** Both learn the sample, from parameters and memories that are alike. */
const expectAlike = ([reference, simd]: Engines, { x, y, weight = 1 }: LabelledSample): void => {
  const cost = reference.learn(x, y, weight);
  expect(largestDifference([simd.learn(x, y, weight)], [cost])).toBeLessThan(1e-4);
  expect(largestDifference(simd.lastPrediction(), reference.lastPrediction())).toBeLessThan(1e-5);
  expect(largestDifference(parametersOf(simd), parametersOf(reference))).toBeLessThan(1e-5);
};

/** Both learn the sample, from the parameters and the memory of the reference. */
const expectAlikeFromReference = (engines: Engines, sample: LabelledSample): void => {
  engines[1].load(engines[0].save());
  expectAlike(engines, sample);
};

describe('the two engines', () => {
  it('make the same update from the same parameters and memory', () => {
    fc.assert(
      fc.property(networks, (options) => {
        using reference = new Network({ ...options, engine: 'reference' });
        using simd = new Network({ ...options, engine: 'simd' });
        const samples = new RandomSamples(options);
        for (let step = 0; step < 25; step++) {
          const weight = step % 5 === 0 ? 0.5 : 1;
          expectAlikeFromReference([reference, simd], { ...samples.next(), weight });
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each(builtInOptimizers())('keep agreeing over 1,000 updates by $name', (optimizer) => {
    const options = {
      sizes: [10, 16, 3],
      activations: ['relu', 'softmax'],
      loss: 'crossEntropy',
      optimizer,
    } as const;
    using reference = new Network({ ...options, engine: 'reference' });
    using simd = new Network({ ...options, engine: 'simd' });
    const samples = new RandomSamples(options);
    for (let step = 0; step < 1_000; step++)
      expectAlikeFromReference([reference, simd], samples.next());
  });

  it('have the same costs when they run freely and the cost falls', () => {
    fc.assert(
      fc.property(steadyNetwork, (options) => {
        using reference = new Network({ ...options, engine: 'reference' });
        using simd = new Network({ ...options, engine: 'simd' });
        const samples = new RandomSamples(options);
        const costs = Array.from({ length: 200 }, () => {
          const { x, y } = samples.next();
          return { reference: reference.learn(x, y), simd: simd.learn(x, y) };
        });
        const total = (engine: 'reference' | 'simd', some = costs): number =>
          some.reduce((sum, cost) => sum + cost[engine], 0);
        const [early, late] = [costs.slice(0, 100), costs.slice(100)];
        // What runs wild parts ways, as it must.
        fc.pre(total('reference', late) <= total('reference', early));
        const difference = Math.abs(total('simd') - total('reference'));
        expect(difference).toBeLessThanOrEqual(0.01 * Math.abs(total('reference')) + 1e-3);
      }),
      { numRuns: 20 },
    );
  });

  it('learn the mean gradient of a batch alike', () => {
    fc.assert(
      fc.property(networks, fc.integer({ min: 1, max: 90 }), (options, count) => {
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
          expect(largestDifference(parametersOf(simd), parametersOf(reference))).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('grow alike, and new parameters get steps of their own age', () => {
    fc.assert(
      fc.property(
        networks,
        fc.array(fc.tuple(fc.nat(9), fc.nat(5)), { minLength: 1, maxLength: 4 }),
        (options, growths) => {
          using reference = new Network({ ...options, engine: 'reference' });
          using simd = new Network({ ...options, engine: 'simd' });
          for (const [inputs, outputs] of growths) {
            const before = new RandomSamples({ ...options, sizes: reference.sizes });
            for (let step = 0; step < 10; step++) {
              expectAlikeFromReference([reference, simd], before.next());
            }
            simd.load(reference.save());
            for (const network of [reference, simd]) {
              network.grow(network.inputCount + inputs, network.outputCount + outputs);
            }
            expect(simd.sizes).toEqual(reference.sizes);
            const after = new RandomSamples({ ...options, sizes: reference.sizes });
            expectAlike([reference, simd], after.next());
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
