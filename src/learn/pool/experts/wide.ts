import { initialRandom, type RandomMemory, randomIndex } from '../../../math/random.ts';
import type { TensorReport } from '../../inspection.ts';
import type { Memory, Tensor } from '../../learner.ts';
import { huberLoss } from '../../losses/huber.ts';
import { Network } from '../../network.ts';
import { adagrad } from '../../optimizers/adagrad.ts';
import type { Expert, SeenSample, Sizes, Target } from '../expert.ts';
import type { SeenInputs } from '../inputs.ts';
import { Replay } from './replay.ts';

const replays = 3;
const remembered = 5_000;

/**
 * A wide net of one hidden layer that learns again from the last thousands of samples: the most
 * exact one of a regression that does not drift.
 */
export class WideExpert implements Expert {
  readonly name = 'wide';
  readonly #network: Network;
  readonly #replay: Replay;
  readonly #target = new Float64Array(1);
  #random: RandomMemory;
  readonly #seed: number;
  #replayed: Float64Array;

  constructor({ inputCount }: Sizes, seed: number) {
    this.#seed = seed;
    this.#network = networkFor(inputCount, seed);
    this.#replay = new Replay(inputCount, remembered);
    this.#replayed = new Float64Array(inputCount);
    this.#random = initialRandom(seed);
  }

  predict({ steady }: SeenInputs, out: Float64Array): void {
    this.#network.predict(steady, out);
  }

  learn(inputs: SeenInputs, target: Target, out: Float64Array): void {
    this.predict(inputs, out);
    const { steady } = inputs;
    this.#learn(steady, target);
    this.#replay.add(steady, target);
    for (let i = 0; i < replays; i += 1) {
      const index = randomIndex(this.#random, this.#replay.count);
      const replay = this.#replay;
      replay.read(index, this.#replayed);
      this.#learn(this.#replayed, replay.target(index));
    }
  }

  reset(): void {
    this.#network.load(networkFor(this.#network.inputCount, this.#seed).save());
  }

  grow({ inputCount }: Sizes): void {
    this.#network.grow(inputCount, 1);
    this.#replay.grow(inputCount);
    this.#replayed = new Float64Array(inputCount);
  }

  save(): Memory {
    return {
      network: this.#network.save(),
      replay: this.#replay.save(),
      random: this.#random.slice(),
    };
  }

  load(memory: Memory): void {
    this.#network.load(memory['network'] as Memory);
    this.#replay.load(memory['replay'] as Memory);
    this.#replayed = new Float64Array(this.#network.inputCount);
    this.#random = (memory['random'] as RandomMemory).slice();
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

  #learn(inputs: Float64Array, { value, weight }: Target): void {
    this.#target[0] = value;
    this.#network.learn(inputs, this.#target, weight);
  }
}

const networkFor = (inputCount: number, seed: number): Network =>
  new Network({
    sizes: [inputCount, 64, 1],
    activations: ['relu', 'identity'],
    loss: huberLoss({ delta: 3 }),
    optimizer: adagrad({ learningRate: 0.1, epsilon: 1e-8 }),
    initializer: ['he', 'zeros'],
    seed,
  });
