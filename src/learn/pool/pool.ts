import { areFinite } from '../../math/finite.ts';
import { checkInputCount } from '../input-scaler.ts';
import { type TensorReport, underName } from '../inspection.ts';
import type { Interval } from '../interval.ts';
import type { LabelledSample } from '../labelled-sample.ts';
import type { Learner, Memory, Tensor } from '../learner.ts';
import { countIn, float64s, memoryIn } from '../memory-fields.ts';
import { ClassMixer } from '../mixing/class-mixer.ts';
import { type Mixer, partsOf } from '../mixing/mixer.ts';
import { NumberMixer } from '../mixing/number-mixer.ts';
import type { NetworkOutline, SkipCopy } from '../network-copy.ts';
import { plainCopy } from '../plain-copy.ts';
import { logCost } from '../prediction-cost.ts';
import { TargetScaler } from '../target-scaler.ts';
import {
  checkForgotten,
  checkGrowth,
  checkTarget,
  checkTask,
  checkWeight,
  labelOf,
  type TaskOptions,
} from '../targets.ts';
import type { Trust } from '../trust.ts';
import type { Expert, SeenSample, Target } from './expert.ts';
import { expertsFor } from './experts/index.ts';
import { PoolInputs, type SeenInputs } from './inputs.ts';
import { Residuals } from './residuals.ts';
import { outputsOf, type Sizes, sizesIn } from './sizes.ts';

/** The experts of a pool, and what each of them has predicted last. */
export class Panel {
  readonly experts: readonly Expert[];
  /** Experts × outputs, always finite. */
  predictions!: Float64Array;
  /** The part that each expert fills. */
  #parts!: readonly Float64Array[];
  #sizes: Sizes;

  constructor(sizes: Sizes, seed: number) {
    this.#sizes = sizes;
    this.experts = expertsFor(sizes, seed);
    this.#makeRoom();
  }

  /** Fills the predictions. An expert whose numbers are not finite says nothing. */
  predict(inputs: SeenInputs): void {
    for (let e = 0; e < this.experts.length; e += 1) {
      this.experts[e]!.predict(inputs, this.#parts[e]!);
    }
    if (areFinite(this.predictions)) return;
    const nothing = this.#sizes.classCount > 0 ? 1 / this.#sizes.classCount : 0;
    for (const part of this.#parts) if (!areFinite(part)) part.fill(nothing);
  }

  /**
   * The same, and each expert learns as soon as it has predicted, while its memory is in the cache.
   * One whose numbers are not finite begins again; the others carry the prediction.
   */
  learn(inputs: SeenInputs, target: Target): void {
    for (let e = 0; e < this.experts.length; e += 1) {
      this.experts[e]!.learn(inputs, target, this.#parts[e]!);
    }
    if (areFinite(this.predictions)) return;
    for (const [e, part] of this.#parts.entries()) {
      if (areFinite(part)) continue;
      this.experts[e]!.reset();
      this.experts[e]!.learn(inputs, target, part);
    }
  }

  grow(sizes: Sizes): void {
    this.#sizes = sizes;
    for (const expert of this.experts) expert.grow(sizes);
    this.#makeRoom();
  }

  forget(inputs: readonly number[]): void {
    for (const expert of this.experts) expert.forget(inputs);
  }

  save(): Memory {
    return Object.fromEntries(this.experts.map((expert) => [expert.name, expert.save()]));
  }

  load(memory: Memory, sizes: Sizes): void {
    this.#sizes = sizes;
    for (const expert of this.experts) expert.load(memoryIn(memory, expert.name));
    this.#makeRoom();
  }

  #makeRoom(): void {
    const outputCount = outputsOf(this.#sizes);
    this.predictions = new Float64Array(this.experts.length * outputCount);
    this.#parts = partsOf(this.predictions, outputCount);
  }
}

/** From this many inputs on, one more raises the capacity by several: growing costs more than learning. */
const slackFrom = 64;
const slack = 1 / 8;

/** The new capacity for inputs of experts that have the capacity `room`. */
const roomFor = (inputCount: number, room: number): number => {
  if (inputCount <= room) return room;
  return room < slackFrom ? inputCount : Math.max(inputCount, Math.ceil(room * (1 + slack)));
};

const rate = 0.001;
const weightMax = 20;

/** How much a sample of each class must weigh so that all classes weigh the same: 1/(K f), at most 20. */
class ClassBalance {
  /** Fading frequencies. */
  #frequencies: Float64Array;

  constructor(classCount: number) {
    this.#frequencies = new Float64Array(classCount).fill(1 / classCount);
  }

  weightOf(label: number): number {
    const frequency = this.#frequencies[label]!;
    return Math.min(weightMax, 1 / (this.#frequencies.length * frequency));
  }

  update(label: number): void {
    const frequencies = this.#frequencies;
    for (let k = 0; k < frequencies.length; k += 1) frequencies[k]! *= 1 - rate;
    frequencies[label]! += rate;
  }

  /** A new class begins as one of a hundred samples. */
  grow(classCount: number): void {
    const grown = new Float64Array(classCount).fill(0.01);
    grown.set(this.#frequencies);
    this.#frequencies = grown;
  }

  save(): Memory {
    return { frequencies: this.#frequencies.slice() };
  }

  load(memory: Memory): void {
    this.#frequencies = float64s(memory, 'frequencies').slice();
  }
}

/** Options of {@link pool}. */
export interface PoolOptions extends TaskOptions {
  /**
   * `balanced`: all classes weigh the same, however rare. Probabilities are then those of classes
   * that are equally frequent. Default: each sample weighs the same.
   */
  readonly classWeights?: 'balanced';
}

/** The learner that needs no tuning: see {@link Pool}. */
export const pool = (options: PoolOptions): Pool => new Pool(options);

/**
 * A handful of small experts that learn at different rates, from different memories; each learns
 * every sample, and their predictions are mixed by how well each has predicted lately. So nothing
 * has to be chosen, and when the stream drifts the mix follows. It takes numbers of any scale, NaN
 * for a missing one, and grows as inputs and classes appear.
 */
export class Pool implements Learner {
  #inputCount: number;
  /** The sizes of the experts: their capacity for inputs, which may exceed the inputs. */
  #sizes: Sizes;
  readonly #panel: Panel;
  #mixer: Mixer;
  #inputs: PoolInputs;
  readonly #target: TargetScaler | undefined;
  #balance: ClassBalance | undefined;
  readonly #residuals = new Residuals();
  #last: Float64Array;

  constructor(options: PoolOptions) {
    checkTask(options);
    const { task, inputCount, outputCount, seed = 1 } = options;
    this.#inputCount = inputCount;
    const isClassification = task === 'classification';
    this.#sizes = { inputCount, classCount: isClassification ? outputCount : 0 };
    this.#panel = new Panel(this.#sizes, seed);
    const count = this.#panel.experts.length;
    this.#mixer = isClassification ? new ClassMixer(count) : new NumberMixer(count);
    this.#inputs = new PoolInputs(this.#sizes);
    this.#target = isClassification ? undefined : new TargetScaler();
    this.#last = new Float64Array(outputCount);
    const isBalanced = isClassification && options.classWeights === 'balanced';
    if (isBalanced) this.#balance = new ClassBalance(outputCount);
  }

  get inputCount(): number {
    return this.#inputCount;
  }

  get outputCount(): number {
    return Math.max(1, this.#sizes.classCount);
  }

  get composition(): string {
    return `pool of ${this.#panel.experts.map(({ name }) => name).join(', ')}`;
  }

  /** Whom it trusts, as of now. */
  experts(): Trust[] {
    const shares = this.#mixer.shares();
    return this.#panel.experts.map(({ name }, e) => ({ name, weight: shares[e]! }));
  }

  predict(x: ArrayLike<number>, out = new Float64Array(this.outputCount)): Float64Array {
    checkInputCount(x, this.inputCount);
    this.#predict(x, out);
    if (this.#target) out[0] = this.#target.restore(out[0]!);
    return out;
  }

  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight = 1): number {
    checkInputCount(x, this.inputCount);
    checkTarget(y, this.outputCount);
    checkWeight(weight);
    this.#inputs.take(x);
    const truth = this.#truthOf(y);
    const target = this.#targetOf(truth, weight * (this.#balance?.weightOf(truth) ?? 1));
    this.#panel.learn(this.#inputs, target);
    const { predictions } = this.#panel;
    this.#mixer.mix(predictions, this.#last);
    this.#mixer.update(predictions, truth, target.weight);
    this.#balance?.update(truth);
    const cost = this.#cost(truth, y[0]!);
    // Its own past is an input of a regression: as it stands in the scale of the next sample.
    this.#target?.update(y[0]!);
    this.#inputs.update(this.#truthOf(y));
    return cost;
  }

  /**
   * Between which numbers the target of x lies with a probability, as the latest errors tell. In
   * classification there is none: a RangeError.
   */
  interval(x: ArrayLike<number>, coverage = 0.9): Interval {
    if (!this.#target) throw new RangeError('an interval is of a regression');
    return this.#residuals.around(this.predict(x)[0]!, coverage);
  }

  costOf(prediction: ArrayLike<number>, y: ArrayLike<number>): number {
    if (this.#target) return this.#target.cost(prediction[0]!, y[0]!);
    return logCost(prediction[labelOf(y)] ?? 0);
  }

  lastPrediction(): number[] {
    return plainCopy(this.#last);
  }

  grow(inputCount: number, outputCount: number): void {
    checkGrowth(this, inputCount, outputCount);
    if (this.#target && outputCount > 1) throw new RangeError('a regression has one output');
    this.#inputCount = inputCount;
    const room = roomFor(inputCount, this.#sizes.inputCount);
    if (room === this.#sizes.inputCount && outputCount === this.outputCount) return;
    this.#sizes = { inputCount: room, classCount: this.#target ? 0 : outputCount };
    this.#inputs.grow(this.#sizes);
    this.#balance?.grow(outputCount);
    this.#panel.grow(this.#sizes);
    this.#last = new Float64Array(outputCount);
  }

  forget(inputs: readonly number[]): void {
    checkForgotten(this, inputs);
    this.#inputs.forget(inputs);
    this.#panel.forget(inputs);
  }

  save(): Memory {
    return {
      sizes: { ...this.#sizes },
      inputCount: this.#inputCount,
      inputs: this.#inputs.save(),
      target: this.#target?.save() ?? null,
      mixer: this.#mixer.save(),
      balance: this.#balance?.save() ?? null,
      residuals: this.#residuals.save(),
      experts: this.#panel.save(),
    };
  }

  load(memory: Memory): void {
    const sizes = sizesIn(memory);
    if (sizes.classCount > 0 === (this.#target !== undefined)) {
      throw new RangeError(
        'a classification cannot resume from a regression, nor a regression from a classification',
      );
    }
    this.#sizes = sizes;
    this.#inputCount = countIn(memory, 'inputCount');
    this.#inputs.load(memoryIn(memory, 'inputs'));
    this.#target?.load(memoryIn(memory, 'target'));
    this.#mixer.load(memoryIn(memory, 'mixer'));
    this.#balance?.load(memoryIn(memory, 'balance'));
    this.#residuals.load(memoryIn(memory, 'residuals'));
    this.#panel.load(memoryIn(memory, 'experts'), sizes);
    this.#last = new Float64Array(this.outputCount);
  }

  /** The contributions that the experts who can tell give, by how much each is trusted. */
  explain(x: ArrayLike<number>): Float64Array {
    checkInputCount(x, this.inputCount);
    this.#inputs.look(x);
    const shares = this.#mixer.shares();
    const whole = new Float64Array(this.outputCount * this.#sizes.inputCount);
    let trusted = 0;
    for (const [e, expert] of this.#panel.experts.entries()) {
      const contributions = expert.explain?.(this.#inputs);
      if (!contributions) continue;
      trusted += shares[e]!;
      for (let i = 0; i < whole.length; i += 1) whole[i]! += shares[e]! * contributions[i]!;
    }
    const scale = (this.#target?.deviation ?? 1) / trusted;
    const room = this.#sizes.inputCount;
    return whole
      .filter((_, i) => i % room < this.inputCount)
      .map((contribution) => contribution * scale);
  }

  tensors(): Tensor[] {
    return this.#panel.experts.flatMap((expert) => underName(expert.name, expert.tensors?.()));
  }

  /** Of the experts that have parameters to show: the linear one and the nets. */
  inspect(samples: readonly LabelledSample[]): TensorReport[] {
    const seen = samples.map((sample) => this.#seen(sample));
    return this.#panel.experts.flatMap((expert) => underName(expert.name, expert.inspect?.(seen)));
  }

  networks(): NetworkOutline[] {
    return this.#panel.experts.flatMap((expert) => expert.outline?.(this.#inputCount) ?? []);
  }

  copyNetwork(name: string): SkipCopy {
    const expert = this.#panel.experts.find((found) => found.name === name);
    const net = expert?.copyNet?.(this.#inputCount, this.#inputs);
    if (net) return { ...net, target: this.#target?.scale ?? null };
    const names = this.networks().map((outline) => outline.name);
    throw new RangeError(`there is no net ${name} in this pool; there are ${names.join(', ')}`);
  }

  #seen({ x, y }: LabelledSample): SeenSample {
    this.#inputs.look(x);
    return { inputs: this.#inputs.seen(), target: this.#targetOf(this.#truthOf(y), 1) };
  }

  /** What is to be predicted: a class, or a standardised number. */
  #truthOf(y: ArrayLike<number>): number {
    return this.#target ? this.#target.standardise(y[0]!) : labelOf(y);
  }

  #targetOf(truth: number, weight: number): Target {
    if (this.#target) return { label: 0, value: truth, weight };
    return { label: truth, value: 0, weight };
  }

  /** Probabilities, or a standardised number. */
  #predict(x: ArrayLike<number>, out: Float64Array): void {
    this.#inputs.look(x);
    this.#panel.predict(this.#inputs);
    this.#mixer.mix(this.#panel.predictions, out);
  }

  /** J as the product promises it: −ln p of the class, or half the squared error. */
  #cost(truth: number, y: number): number {
    const last = this.#last;
    if (!this.#target) return logCost(last[truth]!);
    last[0] = this.#target.restore(last[0]!);
    this.#residuals.add(y - last[0]!);
    return this.#target.cost(last[0]!, y);
  }
}
