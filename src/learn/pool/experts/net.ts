import { initialRandom, type RandomMemory, randomIndex } from '../../../math/random.ts';
import type { TensorReport } from '../../inspection.ts';
import type { Memory, Tensor } from '../../learner.ts';
import { countIn, memoryIn, uint32s } from '../../memory-fields.ts';
import { softmaxInPlace } from '../../mixing/softmax.ts';
import type { NetworkOutline, SkipCopy } from '../../network-copy.ts';
import { type Expert, type SeenSample, type Target, toDeltas } from '../expert.ts';
import { type PoolInputs, recentCount, type SeenInputs } from '../inputs.ts';
import { explainSkipNet } from '../kernel/explain-skip-net.ts';
import { inspectSkipNet } from '../kernel/inspect-skip-net.ts';
import type { StepRule } from '../kernel/net-backward.ts';
import { hiddenCount, sampleAt } from '../kernel/net-plan.ts';
import { SkipNet } from '../kernel/skip-net.ts';
import { outputsOf, type Sizes, sizesIn } from '../sizes.ts';
import { Replay } from './replay.ts';

/** What makes one net of a pool different from another. */
export interface NetOptions {
  readonly name: string;
  readonly rule: StepRule;
  readonly rate: number;
  /** Which of the scaled inputs it sees. */
  readonly scaling: 'steady' | 'fading';
  /** Whether the latest targets are inputs too. */
  readonly seesRecent: boolean;
  /** Older samples that it learns again with each new one, in the long run. */
  readonly replays: number;
  readonly seed: number;
}

/** Samples that a replaying net remembers. */
const remembered = 500;

/** The most replays of one sample, and how many samples long it is so eager: see {@link replaysAt}. */
const replaysMax = 12;
const eagerFor = 2_000;

/**
 * How many samples are learned again with the n-th: many while there are few, when every one of them
 * has much to tell, then ever fewer down to those of the long run.
 */
const replaysAt = (n: number, inTheLongRun: number): number =>
  Math.min(replaysMax, Math.max(inTheLongRun, Math.floor((replaysMax * eagerFor) / n)));

/** A {@link SkipNet} as an expert. */
export class NetExpert implements Expert {
  readonly name: string;
  readonly #options: NetOptions;
  #sizes: Sizes;
  #net: SkipNet;
  #replay: Replay | undefined;
  #random: RandomMemory;
  #learned = 0;

  constructor(options: NetOptions, sizes: Sizes) {
    this.name = options.name;
    this.#options = options;
    this.#sizes = sizes;
    this.#net = this.#fresh();
    this.#random = initialRandom(options.seed);
    if (options.replays > 0) this.#replay = new Replay(this.#net.sample.length, remembered);
  }

  predict(inputs: SeenInputs, out: Float64Array): void {
    this.#net.setInputs(this.#scaled(inputs));
    if (this.#options.seesRecent) this.#net.setInputs(inputs.recent, this.#sizes.inputCount);
    this.#net.predict(out);
  }

  learn(inputs: SeenInputs, target: Target, out: Float64Array): void {
    this.predict(inputs, out);
    this.#learned += 1;
    this.#net.learn(this.#truthOf(target), target.weight);
    if (this.#replay) this.#learnAgain(this.#replay);
  }

  reset(): void {
    this.#net.reset();
  }

  grow(sizes: Sizes): void {
    const isFresh = this.#learned === 0;
    const kept = this.#options.seesRecent ? this.#recentInputs() : 0;
    this.#sizes = sizes;
    if (isFresh) {
      this.#net.dispose();
      this.#net = this.#fresh();
    } else this.#net.grow(this.#inputCount(), outputsOf(sizes), kept);
    this.#replay?.grow(this.#net.sample.length);
  }

  forget(inputs: readonly number[]): void {
    this.#net.forget(inputs);
    this.#replay?.forget(inputs.map((input) => sampleAt.inputs + input));
  }

  save(): Memory {
    return {
      net: this.#net.save(),
      replay: this.#replay?.save() ?? null,
      random: this.#random.slice(),
      sizes: { ...this.#sizes },
      learned: this.#learned,
    };
  }

  load(memory: Memory): void {
    this.#sizes = sizesIn(memory);
    this.#net.load(memoryIn(memory, 'net'));
    this.#replay?.load(memoryIn(memory, 'replay'));
    this.#random = uint32s(memory, 'random', this.#random.length).slice();
    this.#learned = countIn(memory, 'learned');
  }

  explain(inputs: SeenInputs): Float64Array {
    const { inputCount } = this.#sizes;
    const outputCount = outputsOf(this.#sizes);
    const whole = this.#whole(inputs);
    const shares = explainSkipNet(this.#net, whole, outputCount);
    const own = new Float64Array(outputCount * inputCount);
    for (let k = 0; k < outputCount; k += 1) {
      const at = k * whole.length;
      own.set(shares.subarray(at, at + inputCount), k * inputCount);
    }
    return own;
  }

  tensors(): Tensor[] {
    const inputs = this.#net.inputCount + 1;
    const outputs = outputsOf(this.#sizes);
    const hidden = hiddenCount + 1;
    return [
      { name: 'l0.W', shape: [hiddenCount, inputs], values: this.#net.weights('first') },
      { name: 'l1.W', shape: [hiddenCount, hidden], values: this.#net.weights('second') },
      { name: 'l2.W', shape: [outputs, hidden], values: this.#net.weights('output') },
      { name: 'direct.W', shape: [outputs, inputs], values: this.#net.weights('direct') },
    ];
  }

  inspect(samples: readonly SeenSample[]): TensorReport[] {
    const seen = samples.map(({ inputs, target }) => ({
      inputs: this.#whole(inputs),
      toDeltas: (sums: Float64Array) => {
        if (this.#sizes.classCount > 0) softmaxInPlace(sums);
        toDeltas(sums, target, this.#sizes);
      },
    }));
    return inspectSkipNet(this.#net, seen);
  }

  outline(inputCount: number): NetworkOutline {
    const inputs = inputCount + (this.#options.seesRecent ? this.#recentInputs() : 0);
    const outputs = outputsOf(this.#sizes);
    const width = hiddenCount + 1;
    return {
      name: this.name,
      sizes: [inputs, hiddenCount, hiddenCount, outputs],
      parameters: (inputs + 1) * (hiddenCount + outputs) + width * (hiddenCount + outputs),
    };
  }

  copyNet(inputCount: number, inputs: PoolInputs): Omit<SkipCopy, 'target'> {
    const { rule, rate, scaling, seesRecent, replays } = this.#options;
    const { means, deviations } = inputs.scales(scaling);
    return {
      kind: 'skip',
      name: this.name,
      sizes: this.outline(inputCount).sizes,
      answer: this.#sizes.classCount > 0 ? 'classes' : 'number',
      rule,
      learningRate: rate,
      replays,
      ...this.#net.copy(inputCount, seesRecent ? this.#recentInputs() : 0),
      means: means.slice(0, inputCount),
      deviations: deviations.slice(0, inputCount),
      recent: seesRecent ? inputs.recent.slice() : new Float64Array(0),
    };
  }

  /** The sample in place joins those of the past, and some of them are learned again. */
  #learnAgain(replay: Replay): void {
    const { sample } = this.#net;
    replay.add(sample);
    const replays = replaysAt(this.#learned, this.#options.replays);
    for (let i = 0; i < replays; i += 1) {
      replay.read(randomIndex(this.#random, replay.count), sample);
      this.#net.learnAgain();
    }
  }

  /** All inputs of the net, as a copy. */
  #whole(inputs: SeenInputs): Float64Array {
    const whole = new Float64Array(this.#inputCount());
    whole.set(this.#scaled(inputs));
    if (this.#options.seesRecent) whole.set(inputs.recent, this.#sizes.inputCount);
    return whole;
  }

  #truthOf({ label, value }: Target): number {
    return this.#sizes.classCount > 0 ? label : value;
  }

  /** Two accesses by name: one by a varying name is slow. */
  #scaled({ steady, fading }: SeenInputs): Float64Array {
    return this.#options.scaling === 'steady' ? steady : fading;
  }

  #recentInputs(): number {
    return recentCount(this.#sizes.classCount);
  }

  #inputCount(): number {
    return this.#sizes.inputCount + (this.#options.seesRecent ? this.#recentInputs() : 0);
  }

  #fresh(): SkipNet {
    const { rule, rate, seed } = this.#options;
    const inputCount = this.#inputCount();
    const outputCount = outputsOf(this.#sizes);
    const answer = this.#sizes.classCount > 0 ? 'classes' : 'number';
    return new SkipNet({ inputCount, outputCount, answer, rule, rate, seed });
  }
}
