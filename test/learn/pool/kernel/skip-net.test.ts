import { describe, expect, it } from 'vitest';
import { explainSkipNet } from '../../../../src/learn/pool/kernel/explain-skip-net.ts';
import { inspectSkipNet } from '../../../../src/learn/pool/kernel/inspect-skip-net.ts';
import { SkipNet } from '../../../../src/learn/pool/kernel/skip-net.ts';
import { initialRandom, randomIndex, randomNormal } from '../../../../src/math/random.ts';

const layers = ['first', 'second', 'output', 'direct'] as const;
type Weights = Record<(typeof layers)[number], Float32Array>;

const random = initialRandom(3);
const draws = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => randomNormal(random));

const weightsOf = (net: SkipNet): Weights =>
  Object.fromEntries(layers.map((layer) => [layer, net.weights(layer)])) as Weights;

const times = (matrix: Float32Array, x: readonly number[]): number[] =>
  Array.from({ length: matrix.length / x.length }, (_, row) =>
    x.reduce((sum, value, i) => sum + matrix[row * x.length + i]! * value, 0),
  );

/** The same net as one reads it in a book. */
const sums = (weights: Weights, inputs: Float64Array): number[] => {
  const x = [...inputs, 1];
  const h1 = [...times(weights.first, x).map((z) => Math.max(z, 0)), 1];
  const z = times(weights.second, h1);
  const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
  const variance = z.reduce((sum, value) => sum + (value - mean) ** 2, 0) / z.length;
  const h2 = [...z.map((value) => Math.max(0, (value - mean) / Math.sqrt(variance + 1e-5))), 1];
  const direct = times(weights.direct, x);
  return times(weights.output, h2).map((sum, k) => sum + direct[k]!);
};

const softmax = (z: readonly number[]): number[] => {
  const powers = z.map((value) => Math.exp(value));
  const whole = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / whole);
};

const trained = (
  rule: 'rms' | 'adagrad',
  { inputCount = 5, outputCount = 3, answer = 'classes' as 'classes' | 'number' } = {},
): SkipNet => {
  const net = new SkipNet({ inputCount, outputCount, answer, rule, rate: 0.05, seed: 2 });
  const out = new Float64Array(outputCount);
  for (let step = 0; step < 40; step += 1) {
    net.setInputs(draws(inputCount));
    net.predict(out);
    net.learn(answer === 'classes' ? randomIndex(random, outputCount) : draws(1)[0]!, 1);
  }
  return net;
};

/** By how much a cost of the sums rises with one weight, by a small difference. */
const slopeOf = (
  weights: Weights,
  at: { layer: keyof Weights; i: number },
  x: Float64Array,
  cost: (sums: readonly number[]) => number,
) => {
  const value = (shift: number): number => {
    const values = Float32Array.from(weights[at.layer]);
    values[at.i]! += shift;
    return cost(sums({ ...weights, [at.layer]: values }, x));
  };
  return (value(0.002) - value(-0.002)) / 0.004;
};

/** The kernel knows the length of a step to 3.5 %. */
const expectNear = (step: number, expected: number): void =>
  expect(Math.abs(step / expected - 1)).toBeLessThan(0.036);

describe('SkipNet', () => {
  it.each([2, 3, 6, 21])('computes what the equations say, of %i classes', (outputCount) => {
    const net = trained('adagrad', { outputCount });
    for (let i = 0; i < 20; i += 1) {
      const x = draws(5);
      const out = new Float64Array(outputCount);
      net.setInputs(x);
      net.predict(out);
      const expected = softmax(sums(weightsOf(net), x));
      for (const [k, probability] of expected.entries()) expect(out[k]).toBeCloseTo(probability, 5);
    }
  });

  it('goes down the gradient, a first step of the length of the rate whatever the slope', () => {
    const net = new SkipNet({
      inputCount: 4,
      outputCount: 2,
      answer: 'classes',
      rule: 'adagrad',
      rate: 0.05,
      seed: 2,
    });
    const x = Float64Array.of(1, -1, 0.5, 2);
    const out = new Float64Array(2);
    net.setInputs(x);
    net.predict(out);
    // The outputs are zero at first: the second step is the first one that reaches all layers.
    net.learn(0, 1);
    net.predict(out);
    const before = weightsOf(net);
    net.learn(1, 0.5);
    const after = weightsOf(net);
    const cost = (z: readonly number[]): number => -0.5 * Math.log(softmax(z)[1]!);
    for (const layer of ['first', 'second'] as const) {
      for (let i = 0; i < before[layer].length; i += 7) {
        const slope = slopeOf(before, { layer, i }, x, cost);
        if (Math.abs(slope) < 1e-3) continue;
        const step = after[layer][i]! - before[layer][i]!;
        expectNear(step, -0.05 * Math.sign(slope));
      }
    }
  });

  it('steps by the mean of squares under the rule rms', () => {
    const options = { inputCount: 1, outputCount: 1, answer: 'number', rule: 'rms' } as const;
    const net = new SkipNet({ ...options, rate: 0.1, seed: 2 });
    const out = new Float64Array(1);
    let [weight, square] = [0, 0];
    for (let step = 1; step <= 5; step += 1) {
      net.setInputs(Float64Array.of(2));
      net.predict(out);
      net.learn(out[0]! - 1, step);
      const slope = 2 * step;
      square += (slope ** 2 - square) / step;
      const [before, after] = [weight, net.weights('direct')[0]!];
      expectNear(after - before, (-0.1 * slope) / Math.sqrt(square));
      weight = after;
    }
  });

  it('takes a number far off for one that is three deviations off', () => {
    const net = trained('adagrad', { outputCount: 1, answer: 'number' });
    const memory = net.save();
    const [far, near] = [-1e6, -3].map((truth) => {
      net.load(memory);
      const out = new Float64Array(1);
      net.setInputs(Float64Array.of(0, 1, 2, 3, 4));
      net.predict(out);
      net.learn(out[0]! + truth, 1);
      net.predict(out);
      return out[0];
    });
    expect(far).toBeCloseTo(near!, 3);
  });

  it('learns nothing where it is all but right', () => {
    const options = { inputCount: 1, outputCount: 1, answer: 'number', rule: 'adagrad' } as const;
    const [right, nearly] = [1e-19, 1e-17].map((truth) => {
      const net = new SkipNet({ ...options, rate: 0.1, seed: 2 });
      net.setInputs(Float64Array.of(2));
      net.predict(new Float64Array(1));
      net.learn(truth, 1);
      return net.weights('direct')[0];
    });
    expect(right).toBe(0);
    expect(nearly).toBeGreaterThan(0);
  });

  it('learns again as it learns', () => {
    const [twice, again] = [trained('rms'), trained('rms')];
    again.load(twice.save());
    const x = draws(5);
    for (const net of [twice, again]) net.setInputs(x);
    twice.predict(new Float64Array(3));
    twice.learn(2, 0.5);
    again.sample.set([2, 0.5]);
    again.learnAgain();
    expect(weightsOf(again)).toEqual(weightsOf(twice));
  });

  it('explains by the gradient that a small difference gives', () => {
    const net = trained('rms');
    const x = draws(5);
    const shares = explainSkipNet(net, x, 3);
    for (let i = 0; i < 5; i += 1) {
      const [up, down] = [x.slice(), x.slice()];
      up[i]! += 1e-4;
      down[i]! -= 1e-4;
      const [above, below] = [sums(weightsOf(net), up), sums(weightsOf(net), down)];
      for (let k = 0; k < 3; k += 1) {
        const slope = (above[k]! - below[k]!) / 2e-4;
        expect(shares[k * 5 + i]).toBeCloseTo(slope * x[i]!, 2);
      }
    }
  });

  it('has gradients as long as small differences say', () => {
    const net = trained('rms');
    const [x, deltas] = [draws(5), draws(3)];
    const reports = inspectSkipNet(net, [{ inputs: x, toDeltas: (sums) => sums.set(deltas) }]);
    const weights = weightsOf(net);
    const cost = (z: readonly number[]): number =>
      z.reduce((sum, value, k) => sum + value * deltas[k]!, 0);
    for (const [t, layer] of layers.entries()) {
      const slopes = Array.from(weights[layer], (_, i) => slopeOf(weights, { layer, i }, x, cost));
      const ratio = reports[t]!.gradientNorm / Math.hypot(...slopes);
      expect(Math.abs(ratio - 1), layer).toBeLessThan(0.02);
    }
  });

  it('grows before the inputs that stay last, without a change to what it knew', () => {
    const net = trained('rms', { answer: 'number' });
    const x = draws(5);
    const before = new Float64Array(3);
    net.setInputs(x);
    net.predict(before);
    net.grow(8, 6, 2);
    net.setInputs(Float64Array.of(x[0]!, x[1]!, x[2]!, 7, 7, 7, x[3]!, x[4]!));
    const after = new Float64Array(6);
    net.predict(after);
    expect([...after.slice(0, 3)]).toEqual([...before]);
    expect([...after.slice(3)]).toEqual([0, 0, 0]);
    net.learn(-1, 1);
    // A step of a new output is no longer than one of an old one.
    const longest = Math.max(
      ...net
        .weights('output')
        .slice(3 * 33, 4 * 33)
        .map(Math.abs),
    );
    expect(longest).toBeLessThan(0.5);
  });
});
