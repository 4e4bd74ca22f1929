import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/learn/activation.ts';
import { elementwise } from '../../src/learn/activation.ts';
import { defineActivation } from '../../src/learn/define-activation.ts';
import { defineLoss } from '../../src/learn/define-loss.ts';
import { Network } from '../../src/learn/network.ts';
import type { NetworkOptions } from '../../src/learn/network-options.ts';
import { RandomSamples } from './kernel/random-networks.ts';

const softsign = defineActivation('softsign', (z) => z.div(z.abs().add(1)));
const swish = defineActivation('swish', (z) => z.mul(z.sigmoid()));
const elu = defineActivation('elu', (z) => z.isGreater(0).choose(z, z.min(0).exp().sub(1)));
const bentIdentity = defineActivation('bent', (z) => z.mul(z).add(1).sqrt().sub(1).div(2).add(z));
/** f′ from h alone, as one knows it for the sigmoid. */
const logistic = defineActivation(
  'logistic',
  (z) => z.sigmoid(),
  (_z, h) => h.mul(h.neg().add(1)),
);
const logCosh = defineLoss('logCosh', (h, y) => {
  const error = h.sub(y).abs();
  return error.add(error.mul(-2).exp().add(1).ln()).sub(Math.LN2);
});
const absolute = defineLoss('absolute', (h, y) => h.sub(y).abs());

const activations = { softsign, swish, elu, bentIdentity, logistic };

const networkOf = (hidden: Activation, output: Activation): NetworkOptions => ({
  sizes: [5, 7, 6, 3],
  activations: [hidden, 'tanh', output],
  optimizer: 'sgd',
});

const expectSameUpdates = (options: NetworkOptions): void => {
  using simd = new Network({ ...options, engine: 'simd' });
  using reference = new Network({ ...options, engine: 'reference' });
  const samples = new RandomSamples(options);
  for (let step = 0; step < 40; step++) {
    const { x, y } = samples.next();
    simd.load(reference.save());
    expect(simd.learn(x, y)).toBeCloseTo(reference.learn(x, y), 5);
    const expected = reference.parameters().flatMap(({ weights }) => [...weights]);
    for (const [index, weight] of simd
      .parameters()
      .flatMap(({ weights }) => [...weights])
      .entries()) {
      expect(Math.abs(weight - expected[index]!)).toBeLessThan(2e-6);
    }
  }
};

describe.each(Object.entries(activations))('the defined activation %s', (_name, activation) => {
  test('runs on the simd engine, and both engines make the same update', () => {
    const options = networkOf(activation, activation);
    expect(new Network(options).engine).toBe('simd');
    expectSameUpdates(options);
  });

  test('has the slope that a finite difference shows', () => {
    const at = Float64Array.of(-3.1, -0.4, 0.3, 2.6);
    const forward = (z: Float64Array): Float64Array => {
      const h = new Float64Array(z.length);
      activation.forward(z, h);
      return h;
    };
    const slope = new Float64Array(at.length);
    activation.backward({ z: at, h: forward(at) }, new Float64Array(at.length).fill(1), slope);
    const step = 1e-6;
    const [above, below] = [forward(at.map((z) => z + step)), forward(at.map((z) => z - step))];
    for (const [i, value] of slope.entries()) {
      expect(value).toBeCloseTo((above[i]! - below[i]!) / (2 * step), 7);
    }
  });

  test('is finite far out, and so is its slope', () => {
    const z = Float64Array.of(-1e4, -800, 0, 800, 1e4);
    const h = new Float64Array(z.length);
    activation.forward(z, h);
    const slope = new Float64Array(z.length);
    activation.backward({ z, h }, new Float64Array(z.length).fill(1), slope);
    expect([...h, ...slope].every(Number.isFinite)).toBe(true);
  });
});

test.each([logCosh, absolute])('the defined loss $name runs alike on both engines', (loss) => {
  const options: NetworkOptions = { sizes: [4, 6, 3], loss, activations: ['tanh', 'identity'] };
  expect(new Network(options).engine).toBe('simd');
  expectSameUpdates(options);
});

test('activations of one name and different formulas do not share a kernel', () => {
  const one = defineActivation('mine', (z) => z.mul(2));
  const other = defineActivation('mine', (z) => z.mul(3));
  const predict = (activation: Activation): number =>
    new Network({ sizes: [1, 1], activations: [activation] }).predict([1])[0]!;
  expect(predict(other) / predict(one)).toBeCloseTo(1.5, 6);
});

test('a network says why it runs on the engine that it has', () => {
  const bare = elementwise(
    'bare',
    (z) => z / (1 + Math.abs(z)),
    (z) => 1 / (1 + Math.abs(z)) ** 2,
  );
  const reasonOf = (options: Partial<NetworkOptions>): string =>
    new Network({ sizes: [2, 2], ...options }).engineReason;
  expect(reasonOf({})).toBe('every part has a kernel');
  expect(reasonOf({ activations: [softsign] })).toBe('every part has a kernel');
  expect(reasonOf({ engine: 'reference' })).toBe("engine: 'reference' was requested");
  expect(reasonOf({ activations: [bare] })).toBe(
    'the activation bare has no kernel; defineActivation makes one from an expression',
  );
  // A copy may do something else than the formula, so it does not have its kernel.
  expect(reasonOf({ activations: [{ ...softsign }] })).toContain('softsign has no kernel');
  expect(reasonOf({ loss: { ...absolute } })).toContain('the loss absolute has no kernel');
  expect(() => new Network({ sizes: [2, 2], activations: [bare], engine: 'simd' })).toThrow(
    "engine: 'simd' cannot run this network: the activation bare has no kernel",
  );
});

test('an activation that is not finite at 0 is refused', () => {
  expect(() => defineActivation('inverse', (z) => z.ln())).toThrow(
    'the activation inverse must be finite at z = 0: f(0) = -Infinity',
  );
  expect(() => defineActivation('root', (z) => z.abs().sqrt())).toThrow('must be finite at z = 0');
});
