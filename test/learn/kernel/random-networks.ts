import fc from 'fast-check';
import * as activations from '../../../src/learn/activations/index.ts';
import type { Loss } from '../../../src/learn/loss.ts';
import { huberLoss } from '../../../src/learn/losses/huber.ts';
import * as losses from '../../../src/learn/losses/index.ts';
import type { NetworkOptions } from '../../../src/learn/network-options.ts';
import type { Optimizer } from '../../../src/learn/optimizer.ts';
import * as optimizers from '../../../src/learn/optimizers/index.ts';
import { initialRandom, type RandomMemory, randomUniform } from '../../../src/math/random.ts';

/** The losses that a built-in output activation makes sense for. */
const outputs: Readonly<Record<string, readonly Loss[]>> = {
  sigmoid: [losses.halfSquaredError, losses.binaryCrossEntropy, losses.huber, losses.crossEntropy],
  softmax: [losses.crossEntropy, losses.halfSquaredError, losses.huber],
  tanh: [losses.halfSquaredError, losses.huber],
  identity: [losses.halfSquaredError, huberLoss({ delta: 0.3 })],
  relu: [losses.halfSquaredError],
  leakyRelu: [losses.huber],
  softplus: [losses.halfSquaredError],
};

/**
 * Every built-in optimizer, at a rate at which a small network's cost falls steadily. Those that divide
 * by the size of the gradients get the options of `adaptive` too.
 */
export const builtInOptimizers = (adaptive: { epsilon?: number } = {}): readonly Optimizer[] => [
  optimizers.sgd({ learningRate: 0.02 }),
  optimizers.momentum({ learningRate: 0.005 }),
  optimizers.nesterov({ learningRate: 0.005 }),
  optimizers.adagrad({ learningRate: 0.02, ...adaptive }),
  optimizers.rmsprop({ learningRate: 0.002, ...adaptive }),
  optimizers.rmsprop({ learningRate: 0.002, decay: 0.999, biasCorrection: true, ...adaptive }),
  optimizers.adam({ learningRate: 0.002, ...adaptive }),
  optimizers.adamw({ learningRate: 0.002, ...adaptive }),
];

const activationNames = Object.keys(activations) as (keyof typeof activations)[];

const output = fc
  .constantFrom(...(Object.keys(outputs) as (keyof typeof activations)[]))
  .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...outputs[name]!)));

const networksWith = (choice: readonly Optimizer[]): fc.Arbitrary<NetworkOptions> =>
  fc
    .record({
      inputs: fc.integer({ min: 1, max: 40 }),
      hidden: fc.array(
        fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(...activationNames)),
        { maxLength: 3 },
      ),
      outputCount: fc.integer({ min: 1, max: 22 }),
      output,
      optimizer: fc.constantFrom(...choice),
      weightDecay: fc.constantFrom(0, 0, 0.01),
      gradientClip: fc.constantFrom(0, 0, 0.5),
      outputChangeCap: fc.constantFrom(0, 0, 0.02),
      seed: fc.integer({ min: 1, max: 1e6 }),
    })
    .map(({ inputs, hidden, outputCount, output: [activation, loss], ...options }) => ({
      ...options,
      sizes: [inputs, ...hidden.map(([size]) => size), outputCount],
      activations: [...hidden.map(([, name]) => name), activation],
      loss,
    }));

/** Networks of built-in parts, of any shape: every width of the padding, none to three hidden layers. */
export const randomNetwork: fc.Arbitrary<NetworkOptions> = networksWith(builtInOptimizers());

/**
 * Networks whose steps float32 and float64 can agree on. A gradient may cancel to nothing but rounding,
 * and with the usual epsilon Adam and its kin make a full step of any gradient, however small: which
 * way is then left to the rounding.
 */
export const steadyNetwork: fc.Arbitrary<NetworkOptions> = networksWith(
  builtInOptimizers({ epsilon: 1e-3 }),
);

/** Samples that such a network can learn from. */
export class RandomSamples {
  readonly #random: RandomMemory;
  readonly #sizes: readonly number[];

  constructor({ sizes, seed = 1 }: NetworkOptions) {
    this.#random = initialRandom(seed);
    this.#sizes = sizes;
  }

  next(): { x: Float64Array; y: Float64Array } {
    const x = Float64Array.from(
      { length: this.#sizes[0]! },
      () => 2 * randomUniform(this.#random) - 1,
    );
    // Positive and summing to one, so that every loss can take it.
    const y = Float64Array.from(
      { length: this.#sizes.at(-1)! },
      () => 0.1 + randomUniform(this.#random),
    );
    const total = y.reduce((sum, value) => sum + value, 0);
    return { x, y: y.map((value) => value / Math.max(total, 1.2)) };
  }
}
