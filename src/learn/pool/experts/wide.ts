import { initialRandom, type RandomMemory, randomIndex } from '../../../math/random.ts';
import type { TensorReport } from '../../inspection.ts';
import type { Memory, Tensor } from '../../learner.ts';
import { huberLoss } from '../../losses/huber.ts';
import { memoryIn, uint32s } from '../../memory-fields.ts';
import { Network } from '../../network.ts';
import { adagrad } from '../../optimizers/adagrad.ts';
import type { Expert, SeenSample, Target } from '../expert.ts';
import type { SeenInputs } from '../inputs.ts';
import type { Sizes } from '../sizes.ts';
import { Replay } from './replay.ts';

const replays = 3;
const remembered = 5_000;
/** The largest one that a float can keep. */
const weightMax = 3e38;

/**
 * A wide net of one hidden layer that learns again from the last thousands of samples: the most
 * exact one of a regression that does not drift.
 */
export class WideExpert implements Expert {
  readonly name = 'wide';
  readonly #network: Network;
  readonly #replay: Replay;
  #sample: RememberedSample;
  #random: RandomMemory;
  readonly #seed: number;

  constructor({ inputCount }: Sizes, seed: number) {
    this.#seed = seed;
    this.#network = networkFor(inputCount, seed);
    this.#sample = rememberedSample(inputCount);
    this.#replay = new Replay(this.#sample.row.length, remembered);
    this.#random = initialRandom(seed);
  }

  predict({ steady }: SeenInputs, out: Float64Array): void {
    this.#network.predict(steady, out);
  }

  learn({ steady }: SeenInputs, target: Target, out: Float64Array): void {
    const { row, x, y, weight } = this.#sample;
    for (let i = 0; i < x.length; i += 1) x[i] = steady[i]!;
    y[0] = target.value;
    weight[0] = Math.min(weightMax, target.weight);
    this.#replay.add(row);
    this.#network.learn(x, y, weight[0]);
    // It has predicted on its way.
    out[0] = this.#network.lastPrediction()[0]!;
    for (let i = 0; i < replays; i += 1) {
      this.#replay.read(randomIndex(this.#random, this.#replay.count), row);
      this.#network.learn(x, y, weight[0]);
    }
  }

  reset(): void {
    this.#network.load(networkFor(this.#network.inputCount, this.#seed).save());
  }

  grow({ inputCount }: Sizes): void {
    this.#network.grow(inputCount, 1);
    this.#sample = rememberedSample(inputCount);
    this.#replay.grow(this.#sample.row.length);
  }

  forget(inputs: readonly number[]): void {
    this.#network.forget(inputs);
    this.#replay.forget(inputs.map((input) => 2 + input));
  }

  save(): Memory {
    return {
      network: this.#network.save(),
      replay: this.#replay.save(),
      random: this.#random.slice(),
    };
  }

  load(memory: Memory): void {
    this.#network.load(memoryIn(memory, 'network'));
    this.#replay.load(memoryIn(memory, 'replay'));
    this.#sample = rememberedSample(this.#network.inputCount);
    this.#random = uint32s(memory, 'random', this.#random.length).slice();
  }

  explain({ steady }: SeenInputs): Float64Array {
    return this.#network.explain(steady);
  }

  tensors(): Tensor[] {
    return this.#network.tensors();
  }

  inspect(samples: readonly SeenSample[]): TensorReport[] {
    return this.#network.inspect(
      samples.map(({ inputs, target }) => ({ x: inputs.steady, y: [target.value] })),
    );
  }
}

/** A sample as a row of floats, and views of its parts. */
interface RememberedSample {
  readonly row: Float32Array;
  readonly y: Float32Array;
  readonly weight: Float32Array;
  readonly x: Float32Array;
}

const rememberedSample = (inputCount: number): RememberedSample => {
  const row = new Float32Array(2 + inputCount);
  return { row, y: row.subarray(0, 1), weight: row.subarray(1, 2), x: row.subarray(2) };
};

const networkFor = (inputCount: number, seed: number): Network =>
  new Network({
    sizes: [inputCount, 64, 1],
    activations: ['relu', 'identity'],
    loss: huberLoss({ delta: 3 }),
    optimizer: adagrad({ learningRate: 0.1, epsilon: 1e-8 }),
    initializer: ['he', 'zeros'],
    seed,
  });
