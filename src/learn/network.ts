// For Symbol.dispose, so that programs can compile the declarations with no more than ES2022.
/// <reference lib="esnext.disposable" preserve="true" />
import { indexOfInfinite } from '../math/finite.ts';
import { initialRandom } from '../math/random.ts';
import { badTarget, indexOfBadTarget } from '../sources/sample-range.ts';
import { SampleError } from '../stream/rejection.ts';
import type { Layer } from './equations.ts';
import { explainNetwork } from './explain.ts';
import { inspectNetwork, type TensorReport } from './inspection.ts';
import { chooseEngine } from './kernel/choose.ts';
import type { Engine, NetworkSpec } from './kernel/engine.ts';
import { ReferenceEngine } from './kernel/reference.ts';
import { layerSizesIn, optimizerIn } from './kernel/saved-network.ts';
import type { LabelledSample } from './labelled-sample.ts';
import { layeredCopy } from './layered-copy.ts';
import { layersOf, parameterCount } from './layout.ts';
import type { Learner, Memory, Tensor } from './learner.ts';
import { float64s, memoryIn } from './memory-fields.ts';
import type { LayeredCopy, NetworkOutline, PartCopy } from './network-copy.ts';
import {
  checkSizes,
  type EngineName,
  type NetworkOptions,
  resolveInitializers,
  resolveSpec,
} from './network-options.ts';
import { networkPart } from './network-part.ts';
import type { BackwardPass, ForwardPass } from './passes.ts';
import { lengthened, PROBABILITY_MIN } from './prediction-cost.ts';
import { checkForgotten, checkGrowth, checkTargets, checkWeight } from './targets.ts';

/**
 * A feed-forward network that learns one sample at a time, by the equations of backpropagation:
 * D. E. Rumelhart, G. E. Hinton, R. J. Williams, "Learning representations by back-propagating
 * errors", 1986.
 *
 * It owns its weights. `parameters()`, `save()` and `tensors()` give copies.
 */
export class Network implements Learner {
  readonly #spec: NetworkSpec;
  readonly #engine: Engine;
  readonly #engineReason: string;

  /** Throws a TypeError or a RangeError if an option is invalid. */
  constructor(options: NetworkOptions) {
    this.#spec = resolveSpec(options);
    const initializers = resolveInitializers(options.initializer, this.#spec.activations);
    const { engine, reason } = chooseEngine(this.#spec, options.engine);
    this.#engine = engine;
    this.#engineReason = reason;
    const random = initialRandom(options.seed ?? 1);
    const parameters = this.#engine.parameters();
    for (const [l, { weights }] of layersOf(parameters, this.#spec.sizes).entries()) {
      const fan = { in: this.#spec.sizes[l]!, out: this.#spec.sizes[l + 1]! };
      for (let i = 0; i < weights.length; i++) weights[i] = initializers[l]!.draw(random, fan);
    }
    this.#engine.setParameters(parameters);
  }

  /** Units a layer, inputs first and outputs last. */
  get sizes(): readonly number[] {
    return this.#engine.sizes;
  }

  /** How it is run. */
  get engine(): EngineName {
    return this.#engine.name;
  }

  /**
   * Why this engine runs it, such as `the activation mine has no kernel; …`. The reference engine
   * is some 25 times slower, so a network that must be fast should give `every part has a kernel`.
   */
  get engineReason(): string {
    return this.#engineReason;
  }

  get inputCount(): number {
    return this.sizes[0]!;
  }

  get outputCount(): number {
    const { sizes } = this.#engine;
    // Asked for each sample, and at() is a call.
    return sizes[sizes.length - 1]!;
  }

  get composition(): string {
    const { activations, loss, optimizer } = this.#spec;
    const hidden = this.sizes.slice(1, -1).join('-') || 'no';
    const names = activations.map(({ name }) => name).join(', ');
    const options = JSON.stringify(optimizer.options);
    return `network with ${hidden} hidden units, ${names}, ${loss.name}, ${optimizer.name} ${options}`;
  }

  predict(
    x: ArrayLike<number>,
    out: Float64Array = new Float64Array(this.outputCount),
  ): Float64Array {
    this.#checkLength('x', x.length, this.inputCount);
    if (!this.#engine.predict(x, out)) throw this.#notFinite(x);
    return out;
  }

  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight = 1): number {
    this.#checkSample(x, y, weight);
    const cost = this.#engine.learn(x, y, weight);
    if (cost === undefined) throw this.#notFinite(x, y);
    return cost;
  }

  /**
   * Learns samples one after the other, in few calls of the engine: for files and replays. Returns
   * each J from before its update; NaN where a sample is not finite, or a target out of range, and was left out.
   * Throws a SampleError, before anything has changed, where one has the wrong shape.
   */
  learnMany(samples: readonly LabelledSample[]): Float64Array {
    for (const { x, y, weight = 1 } of samples) this.#checkSample(x, y, weight);
    const costs = new Float64Array(samples.length);
    this.#engine.learnMany(samples, costs);
    return costs;
  }

  /** One update by the mean gradient of several samples. Returns and throws as `learnMany` does. */
  learnBatch(samples: readonly LabelledSample[]): Float64Array {
    for (const { x, y, weight = 1 } of samples) this.#checkSample(x, y, weight);
    const costs = new Float64Array(samples.length);
    this.#engine.learnBatch(samples, costs);
    return costs;
  }

  costOf(prediction: ArrayLike<number>, y: ArrayLike<number>): number {
    const h = Float64Array.from(lengthened(prediction, y.length));
    const cost = this.#spec.loss.cost(h, y);
    if (Number.isFinite(cost)) return cost;
    const [least, most] = [PROBABILITY_MIN, 1 - PROBABILITY_MIN];
    return this.#spec.loss.cost(
      h.map((value) => Math.min(most, Math.max(least, value))),
      y,
    );
  }

  lastPrediction(): number[] {
    return this.#engine.lastPrediction();
  }

  save(): Memory {
    return this.#engine.save();
  }

  load(memory: Memory): void {
    const sizes = layerSizesIn(memory);
    checkSizes(sizes);
    const hidden = this.sizes.slice(1, -1);
    if (sizes.length !== this.sizes.length || hidden.some((size, l) => size !== sizes[l + 1])) {
      throw new RangeError(
        `a network of ${this.sizes.join('-')} cannot resume from one of ${sizes.join('-')}`,
      );
    }
    if ('scaler' in memory !== this.#spec.isStandardised) {
      throw new RangeError(
        'a network that standardises cannot resume from one that does not, nor the other way round',
      );
    }
    this.#engine.load(memory);
  }

  /** Units are only added, never removed: throws a RangeError if there would be fewer. */
  grow(inputCount: number, outputCount: number): void {
    checkGrowth(this, inputCount, outputCount);
    if (inputCount === this.inputCount && outputCount === this.outputCount) return;
    checkSizes([inputCount, ...this.sizes.slice(1, -1), outputCount]);
    this.#engine.grow(inputCount, outputCount);
  }

  forget(inputs: readonly number[]): void {
    checkForgotten(this, inputs);
    if (inputs.length > 0) this.#engine.load(forgottenMemory(this.#engine.save(), inputs));
  }

  explain(x: ArrayLike<number>): Float64Array {
    this.#checkLength('x', x.length, this.inputCount);
    const { activations } = this.#spec;
    const seen = this.#engine.seen(x);
    // Refused as predict() refuses it: a single NaN would make every contribution NaN.
    const at = Array.prototype.findIndex.call(seen, (value: number) => !Number.isFinite(value));
    if (at >= 0) throw badNumber('x', x, at);
    return explainNetwork({ layers: this.parameters(), activations }, seen);
  }

  /** W and b of each layer: copies. */
  parameters(): Layer[] {
    return layersOf(this.#engine.parameters(), this.sizes);
  }

  /** Replaces W and b of every layer, in the form that {@link Network.parameters} gives. */
  setParameters(layers: readonly Layer[]): void {
    const flat = this.#engine.parameters();
    for (const [l, { weights, biases }] of layersOf(flat, this.sizes).entries()) {
      const given = layers[l];
      if (given?.weights.length !== weights.length || given.biases.length !== biases.length) {
        throw new RangeError(`parameters do not fit a network of ${this.sizes.join('-')}`);
      }
      weights.set(given.weights);
      biases.set(given.biases);
    }
    this.#engine.setParameters(flat);
  }

  tensors(): Tensor[] {
    return this.parameters().flatMap(({ weights, biases }, l) => [
      { name: `l${l}.W`, shape: [this.sizes[l + 1]!, this.sizes[l]!], values: weights },
      { name: `l${l}.b`, shape: [this.sizes[l + 1]!], values: biases },
    ]);
  }

  inspect(samples: readonly LabelledSample[]): TensorReport[] {
    for (const { x, y } of samples) this.#checkSample(x, y, 1);
    const { activations, loss } = this.#spec;
    const seen = samples.map(({ x, y }) => ({ x: Float64Array.from(this.#engine.seen(x)), y }));
    return inspectNetwork({ layers: this.parameters(), activations, loss }, seen);
  }

  networks(): NetworkOutline[] {
    return [{ name: 'network', sizes: this.sizes, parameters: parameterCount(this.sizes) }];
  }

  copyNetwork(name: string): LayeredCopy {
    if (name !== 'network') throw new RangeError(`there is no network ${name}; there is network`);
    return layeredCopy(this.#spec, this.#engine.save());
  }

  copyPart(name: string, { x, y }: LabelledSample, unitsMax: number): PartCopy {
    this.#checkSample(x, y, 1);
    const sample = { x: Float64Array.from(this.#engine.seen(x)), y };
    return { ...networkPart(this.#spec, { memory: this.save(), x, sample, unitsMax }), name };
  }

  /** The forward pass of one sample, with every z and h; x has inputCount numbers. Needs the reference engine. */
  forward(x: ArrayLike<number>): ForwardPass {
    this.#checkLength('x', x.length, this.inputCount);
    return this.#reference().forward(x);
  }

  /** Every δ and gradient of one sample; y has outputCount numbers. Needs the reference engine. */
  backprop(pass: ForwardPass, y: ArrayLike<number>): BackwardPass {
    this.#checkLength('y', y.length, this.outputCount);
    checkTargets(y);
    return this.#reference().backprop(pass, y);
  }

  /** The update that follows {@link Network.backprop}; `weight` is in [0, 1e6]. Needs the reference engine. */
  descend(pass: ForwardPass, backward: BackwardPass, weight = 1): void {
    checkWeight(weight);
    this.#reference().descend(pass, backward, weight);
  }

  /** Gives back what the engine holds. The network must not be used afterwards. */
  [Symbol.dispose](): void {
    this.#engine.dispose();
  }

  #reference(): ReferenceEngine {
    if (this.#engine instanceof ReferenceEngine) return this.#engine;
    throw new TypeError(
      "forward, backprop and descend need a network made with engine: 'reference'",
    );
  }

  #checkSample(x: ArrayLike<number>, y: ArrayLike<number>, weight: number): void {
    this.#checkLength('x', x.length, this.inputCount);
    this.#checkLength('y', y.length, this.outputCount);
    checkWeight(weight);
  }

  #notFinite(x: ArrayLike<number>, y: ArrayLike<number> = []): SampleError {
    const inX = this.#spec.isStandardised ? indexOfInfinite(x) : indexOfNotFinite(x);
    if (inX >= 0) return badNumber('x', x, inX);
    const inY = indexOfBadTarget(y);
    return badTarget(`y[${inY}]`, y[inY]);
  }

  #checkLength(name: string, length: number, expected: number): void {
    if (length === expected) return;
    throw new SampleError('shape', `${name} has ${length} numbers; the network takes ${expected}`);
  }
}

// An engine that computes in float32 takes no larger number than float32 holds.
const indexOfNotFinite = (values: ArrayLike<number>): number =>
  Array.prototype.findIndex.call(values, (value: number) => !Number.isFinite(Math.fround(value)));

const badNumber = (name: string, values: ArrayLike<number>, at: number): SampleError =>
  new SampleError(
    'value',
    Number.isFinite(values[at])
      ? `${name}[${at}] is ${values[at]}: expected at most 3.4e38, the largest number of float32`
      : `${name}[${at}] is ${values[at]}, which is not a finite number`,
  );

/** The memory of a network with some inputs as fresh as if it had just grown by them. */
const forgottenMemory = (memory: Memory, inputs: readonly number[]): Memory => {
  const sizes = layerSizesIn(memory);
  const clear = (values: Float64Array, fresh: number): Float64Array => {
    const cleared = values.slice();
    const { weights } = layersOf(cleared, sizes)[0]!;
    for (let row = 0; row < weights.length; row += sizes[0]!)
      for (const input of inputs) weights[row + input] = fresh;
    return cleared;
  };
  const optimizer = { ...optimizerIn(memory) };
  for (const [name, value] of Object.entries(optimizer)) {
    if (!(value instanceof Float64Array)) continue;
    optimizer[name] = clear(value, name === 'born' ? optimizer.step : 0);
  }
  return {
    ...memory,
    parameters: clear(float64s(memory, 'parameters'), 0),
    optimizer,
    ...(memory['scaler'] && { scaler: freshMoments(memoryIn(memory, 'scaler'), inputs) }),
  };
};

const freshMoments = (scaler: Memory, inputs: readonly number[]): Memory =>
  Object.fromEntries(
    Object.keys(scaler).map((name) => {
      const cleared = float64s(scaler, name).slice();
      for (const input of inputs) cleared[input] = 0;
      return [name, cleared];
    }),
  );
