import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relu } from '../../../src/learn/activations/index.ts';
import type { Memory } from '../../../src/learn/learner.ts';
import { Network } from '../../../src/learn/network.ts';
import { adam, rmsprop, sgd } from '../../../src/learn/optimizers/index.ts';
import { sharedMemoryCount } from '../../../src/math/wasm/arena.ts';
import { RandomSamples, randomNetwork } from './random-networks.ts';

const train = (network: Network, count: number, seed = 1): number[] => {
  const samples = new RandomSamples({ sizes: network.sizes, seed });
  return Array.from({ length: count }, () => {
    const { x, y } = samples.next();
    return network.learn(x, y);
  });
};

const bitsOf = (network: Network): Memory => network.save();

describe('the simd engine', () => {
  it('is chosen where all parts are built in, and only then', () => {
    const sizes = [3, 2];
    expect(new Network({ sizes }).engine).toBe('simd');
    expect(new Network({ sizes, optimizer: adam(), loss: 'huber' }).engine).toBe('simd');
    // The names are those of built-in parts; the parts are not.
    expect(new Network({ sizes, activations: [{ ...relu }] }).engine).toBe('reference');
    expect(new Network({ sizes, optimizer: { ...sgd() } }).engine).toBe('reference');
    expect(() => new Network({ sizes, activations: [{ ...relu }], engine: 'simd' })).toThrow(
      TypeError,
    );
  });

  it('resumes with the same bits after save and load, also when it has grown', () => {
    fc.assert(
      fc.property(randomNetwork, fc.nat(9), fc.nat(5), (options, inputs, outputs) => {
        using first = new Network({ ...options, engine: 'simd' });
        train(first, 7);
        first.grow(first.inputCount + inputs, first.outputCount + outputs);
        train(first, 7);
        first.grow(first.inputCount + 1, first.outputCount + 1);
        train(first, 7);
        using second = new Network({ ...options, seed: 99, engine: 'simd' });
        second.load(structuredClone(first.save()));
        expect(bitsOf(second)).toEqual(bitsOf(first));
        expect(train(second, 20, 5)).toEqual(train(first, 20, 5));
        expect(bitsOf(second)).toEqual(bitsOf(first));
      }),
      { numRuns: 30 },
    );
  });

  it('does not change when it predicts', () => {
    fc.assert(
      fc.property(randomNetwork, (options) => {
        using network = new Network({ ...options, engine: 'simd' });
        train(network, 3);
        const before = bitsOf(network);
        const { x } = new RandomSamples({ ...options, seed: 7 }).next();
        expect(network.predict(x)).toEqual(network.predict(x));
        expect(bitsOf(network)).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['x', [Number.NaN, 0], [0]],
    ['x', [0, Number.NEGATIVE_INFINITY], [0]],
    ['x', [0, 1e39], [0]],
    ['y', [0, 0], [Number.NaN]],
    ['y', [0, 0], [Number.POSITIVE_INFINITY]],
  ])('refuses a bad %s before anything has changed', (name, x, y) => {
    using network = new Network({ sizes: [2, 5, 1], optimizer: rmsprop() });
    train(network, 5);
    const before = bitsOf(network);
    expect(() => network.learn(x, y)).toThrow(name);
    expect(bitsOf(network)).toEqual(before);
    if (name === 'x') expect(() => network.predict(x)).toThrow(name);
  });

  it('says NaN, and stays as it is, once its weights are not finite', () => {
    using network = new Network({ sizes: [2, 5, 1], activations: ['tanh', 'identity'] });
    const layers = network.parameters();
    layers[0]!.weights[3] = Number.POSITIVE_INFINITY;
    network.setParameters(layers);
    expect(network.learn([1, 1], [0])).toBeNaN();
    expect(network.parameters()).toEqual(layers);
  });

  it('learns many samples in one call as it does one by one', () => {
    fc.assert(
      fc.property(randomNetwork, fc.integer({ min: 0, max: 150 }), (options, count) => {
        using one = new Network({ ...options, engine: 'simd' });
        using many = new Network({ ...options, engine: 'simd' });
        const samples = new RandomSamples(options);
        const some = Array.from({ length: count }, () => samples.next());
        const costs = some.map(({ x, y }) => one.learn(x, y));
        expect([...many.learnMany(some)]).toEqual(costs);
        expect(bitsOf(many)).toEqual(bitsOf(one));
      }),
      { numRuns: 30 },
    );
  });

  it('leaves bad samples out of many, and out of the mean of a batch', () => {
    const good = [
      { x: [0.1, 0.2], y: [1] },
      { x: [0.3, -0.4], y: [0] },
    ];
    const withBad = [good[0]!, { x: [Number.NaN, 0], y: [1] }, good[1]!];
    for (const verb of ['learnMany', 'learnBatch'] as const) {
      for (const engine of ['simd', 'reference'] as const) {
        using clean = new Network({ sizes: [2, 3, 1], engine });
        using network = new Network({ sizes: [2, 3, 1], engine });
        const costs = clean[verb](good);
        expect([...network[verb](withBad)]).toEqual([costs[0], Number.NaN, costs[1]]);
        expect(network.parameters()).toEqual(clean.parameters());
      }
    }
  });

  it('follows a schedule, also within many samples', () => {
    const schedule = (step: number): number => 1 / (1 + step);
    const options = { sizes: [2, 3, 1], schedule } as const;
    using one = new Network(options);
    using many = new Network(options);
    const samples = new RandomSamples(options);
    const some = Array.from({ length: 10 }, () => samples.next());
    for (const { x, y } of some) one.learn(x, y);
    many.learnMany(some);
    expect(bitsOf(many)).toEqual(bitsOf(one));
  });

  it('leaves nothing behind when 10,000 networks are made and disposed of', () => {
    const before = sharedMemoryCount();
    for (let n = 0; n < 10_000; n++) {
      const network = new Network({ sizes: [8, 16, 1] });
      if (n % 500 === 0) network.learn([1, 2, 3, 4, 5, 6, 7, 8], [1]);
      network[Symbol.dispose]();
    }
    expect(sharedMemoryCount()).toBe(before);
  });

  it('keeps networks of one memory apart', () => {
    const networks = Array.from(
      { length: 50 },
      (_, n) => new Network({ sizes: [5, 7, 3], seed: n }),
    );
    const alone = networks.map((_, n) => {
      using network = new Network({ sizes: [5, 7, 3], seed: n });
      train(network, 20);
      return bitsOf(network);
    });
    const samples = new RandomSamples({ sizes: [5, 7, 3], seed: 1 });
    for (let step = 0; step < 20; step++) {
      const { x, y } = samples.next();
      for (const network of networks) network.learn(x, y);
    }
    expect(networks.map(bitsOf)).toEqual(alone);
    for (const network of networks) network[Symbol.dispose]();
  });
});
