import { describe, expect, it } from 'vitest';
import { hedge } from '../../src/learn/hedge.ts';
import type { LabelledSample } from '../../src/learn/labelled-sample.ts';
import type { Learner } from '../../src/learn/learner.ts';
import { Network } from '../../src/learn/network.ts';
import type { NetworkOptions } from '../../src/learn/network-options.ts';
import { pool } from '../../src/learn/pool/pool.ts';
import { seedNetwork, singleNetwork } from '../../src/learn/single-network.ts';
import { initialRandom, randomNormal } from '../../src/math/random.ts';

const random = initialRandom(5);
const draws = (count: number): number[] =>
  Array.from({ length: count }, () => randomNormal(random));

const samplesOf = (count: number, inputs: number, outputs: number): LabelledSample[] =>
  Array.from({ length: count }, (_, i) => ({
    x: draws(inputs),
    y: Array.from({ length: outputs }, (_, k) => (i % outputs === k ? 1 : 0)),
  }));

const shapes: readonly NetworkOptions[] = [
  { sizes: [5, 7, 3], seed: 3 },
  { sizes: [5, 7, 6, 3], activations: ['relu', 'tanh', 'softmax'], loss: 'crossEntropy' },
  { sizes: [5, 9, 3], gradientClip: 0.01, weightDecay: 0.1, outputChangeCap: 0.01 },
];

const norm = (values: Float64Array): number => Math.hypot(...values);

describe('the report on a network', () => {
  it('equals what was worked out by hand', () => {
    // Two inputs, two rectifiers, one linear output; the second rectifier is off.
    const network = new Network({
      sizes: [2, 2, 1],
      activations: ['relu', 'identity'],
      loss: 'halfSquaredError',
    });
    network.setParameters([
      { weights: Float64Array.of(1, 2, -1, -1), biases: Float64Array.of(0, 0) },
      { weights: Float64Array.of(3, 5), biases: Float64Array.of(1) },
    ]);
    // h = (3, 0), output 10, δ = 10 − 4 = 6, hidden δ = (18, 0).
    const [first, firstBias, second, secondBias] = network.inspect([{ x: [1, 1], y: [4] }]);
    expect(first).toMatchObject({ name: 'l0.W', slopes: Float64Array.of(1, 0) });
    expect(first!.gradientNorm).toBeCloseTo(18 * Math.SQRT2, 12);
    expect(firstBias).toEqual({ name: 'l0.b', gradientNorm: 18 });
    expect(second).toEqual({ name: 'l1.W', gradientNorm: 18 });
    expect(secondBias).toEqual({ name: 'l1.b', gradientNorm: 6 });
  });

  it.each(shapes)('has the norms of the gradients that backprop gives: %j', (options) => {
    const network = new Network({ ...options, engine: 'reference' });
    const samples = samplesOf(4, 5, 3);
    const squares = samples.map(({ x, y }) =>
      network
        .backprop(network.forward(x), y)
        .gradients.flatMap(({ weights, biases }) => [norm(weights) ** 2, norm(biases) ** 2]),
    );
    for (const [t, { name, gradientNorm }] of network.inspect(samples).entries()) {
      const expected = Math.sqrt(squares.reduce((sum, own) => sum + own[t]!, 0) / samples.length);
      expect(gradientNorm, name).toBeCloseTo(expected, 12);
    }
  });

  it.each(shapes)('is the same on both engines, and changes neither: %j', (options) => {
    const [simd, reference] = (['simd', 'reference'] as const).map(
      (engine) => new Network({ ...options, engine }),
    );
    const samples = samplesOf(50, 5, 3);
    for (const { x, y } of samples) simd!.learn(x, y, 2);
    reference!.setParameters(simd!.parameters());
    const before = [simd!.save(), reference!.save()];
    const newest = samples.slice(-3).map((sample) => ({ ...sample, weight: 7 }));
    expect(simd!.inspect(newest)).toEqual(reference!.inspect(newest));
    expect([simd!.save(), reference!.save()]).toEqual(before);
  });

  it('tells the slopes of softmax in a hidden layer too', () => {
    const network = new Network({ sizes: [5, 4, 3], activations: ['softmax', 'identity'] });
    const [{ slopes } = {}] = network.inspect(samplesOf(1, 5, 3));
    expect(Math.min(...slopes!)).toBeGreaterThan(0.01);
  });

  it('does not see the padding of a kernel', () => {
    const network = new Network({ sizes: [3, 5, 2] });
    network.grow(6, 3);
    const [{ slopes } = {}] = network.inspect(samplesOf(1, 6, 3));
    expect(slopes).toHaveLength(5);
  });
});

const learners: readonly (readonly [string, () => Learner, number])[] = [
  ['singleNetwork', () => singleNetwork(task(3)), 3],
  ['seedNetwork', () => seedNetwork(task(1)), 1],
  ['a pool of classes', () => pool(task(3)), 3],
  ['a pool of a regression', () => pool(task(1)), 1],
  ['hedge', () => hedge([singleNetwork(task(3)), seedNetwork(task(3))]), 3],
];

const task = (outputCount: number) => ({
  task: outputCount === 1 ? ('regression' as const) : ('classification' as const),
  ...{ inputCount: 4, outputCount },
});

describe.each(learners)('the report on %s', (_name, make, outputs) => {
  it('has an entry for each tensor, in their order, and changes nothing', () => {
    const learner = make();
    const samples = samplesOf(120, 4, outputs).map(({ x, y }) => ({
      ...{ x, y: outputs === 1 ? [x[0]! + 2 * x[1]!] : y },
    }));
    for (const { x, y } of samples) learner.learn(x, y);
    const before = learner.save();
    const reports = learner.inspect!(samples.slice(-5));
    expect(reports.map(({ name }) => name)).toEqual(learner.tensors!().map(({ name }) => name));
    expect(reports.every(({ gradientNorm }) => gradientNorm > 0)).toBe(true);
    expect(reports.some(({ slopes }) => slopes && Math.max(...slopes) > 0)).toBe(true);
    expect(learner.save()).toEqual(before);
  });
});

it('takes the loss as it is: a fused one has δ = h − y', () => {
  const network = new Network({
    ...{ sizes: [2, 2], activations: ['softmax'], loss: 'crossEntropy', engine: 'reference' },
  });
  const sample = { x: [3, 4], y: [1, 0] };
  const h = network.predict(sample.x);
  const delta = Math.hypot(h[0]! - 1, h[1]!);
  expect(network.inspect([sample])[0]!.gradientNorm).toBeCloseTo(5 * delta, 12);
});
