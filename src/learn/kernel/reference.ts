import { areFinite, indexOfInfinite } from '../../math/finite.ts';
import { areTargets } from '../../sources/sample-range.ts';
import type { Layer } from '../equations.ts';
import { InputScaler } from '../input-scaler.ts';
import type { LabelledSample } from '../labelled-sample.ts';
import { growVector, layersOf, parameterCount } from '../layout.ts';
import type { Memory } from '../learner.ts';
import { float64s, memoryIn } from '../memory-fields.ts';
import type { OptimizerMemory } from '../optimizer.ts';
import {
  type BackwardPass,
  backwardPass,
  type ForwardPass,
  forwardPass,
  passBuffers,
  type Trainable,
} from '../passes.ts';
import { plainCopy } from '../plain-copy.ts';
import type { Engine, NetworkSpec } from './engine.ts';
import { layerSizesIn, optimizerIn } from './saved-network.ts';

/** The readable engine: TypeScript, float64, section by section as in the equations. */
export class ReferenceEngine implements Engine {
  readonly name = 'reference';
  readonly #spec: NetworkSpec;
  #sizes!: readonly number[];
  #parameters!: Float64Array;
  #network!: Trainable;
  #buffers!: ReturnType<typeof passBuffers>;
  #gradient!: Float64Array;
  #optimizerMemory: OptimizerMemory;
  #lastPrediction: Float64Array;
  readonly #scaler: InputScaler | undefined;

  constructor(spec: NetworkSpec) {
    this.#spec = spec;
    this.#scaler = spec.isStandardised ? new InputScaler(spec.sizes[0]!) : undefined;
    this.#build(spec.sizes, new Float64Array(parameterCount(spec.sizes)));
    this.#optimizerMemory = spec.optimizer.initial(this.#parameters.length);
    this.#lastPrediction = new Float64Array(spec.sizes.at(-1)!);
  }

  get sizes(): readonly number[] {
    return this.#sizes;
  }

  predict(x: ArrayLike<number>, out: Float64Array): boolean {
    if (!this.#isGood(x)) return false;
    const { forward } = this.#buffers;
    forwardPass(this.#network, this.seen(x), forward);
    out.set(forward.h.at(-1)!);
    return true;
  }

  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight: number): number | undefined {
    if (!this.#isGood(x) || !areTargets(y)) return undefined;
    const { forward, backward } = this.#buffers;
    forwardPass(this.#network, this.seen(x), forward);
    const cost = backwardPass(this.#network, { ...forward, y }, backward);
    this.descend({ x, ...forward }, backward, weight);
    return cost;
  }

  /** The forward pass, every z and h kept, in arrays of their own. */
  forward(x: ArrayLike<number>): ForwardPass {
    const { forward } = passBuffers(this.#sizes);
    forwardPass(this.#network, this.seen(x), forward);
    return { x, ...forward };
  }

  /** All δ and gradients of one sample, with the weights from before its update: fresh arrays. */
  backprop({ z, h }: ForwardPass, y: ArrayLike<number>): BackwardPass {
    const { backward } = passBuffers(this.#sizes);
    return { cost: backwardPass(this.#network, { z, h, y }, backward), ...backward };
  }

  /** W ← W − α ∂J/∂W and b ← b − α ∂J/∂b, as the optimizer and the limits of the network have it. */
  descend(pass: ForwardPass, backward: Omit<BackwardPass, 'cost'>, weight: number): void {
    this.#gradient.fill(0);
    this.#addGradient(backward.gradients, weight);
    this.#lastPrediction.set(pass.h.at(-1)!);
    this.#step(weight * sumOfSizes(backward.deltas.at(-1)!));
    this.#scaler?.update(pass.x);
  }

  learnMany(samples: readonly LabelledSample[], costs: Float64Array): void {
    for (const [index, { x, y, weight = 1 }] of samples.entries()) {
      costs[index] = this.learn(x, y, weight) ?? Number.NaN;
    }
  }

  learnBatch(samples: readonly LabelledSample[], costs: Float64Array): void {
    costs.fill(Number.NaN);
    this.#gradient.fill(0);
    const { forward, backward } = this.#buffers;
    let count = 0;
    let outputDelta = 0;
    for (const [index, { x, y, weight = 1 }] of samples.entries()) {
      if (!this.#isGood(x) || !areTargets(y)) continue;
      forwardPass(this.#network, this.seen(x), forward);
      costs[index] = backwardPass(this.#network, { ...forward, y }, backward);
      count += 1;
      this.#addGradient(backward.gradients, weight);
      outputDelta += weight * sumOfSizes(backward.deltas.at(-1)!);
      this.#lastPrediction.set(forward.h.at(-1)!);
      this.#scaler?.update(x);
    }
    if (count === 0) return;
    for (let i = 0; i < this.#gradient.length; i++) this.#gradient[i]! /= count;
    this.#step(outputDelta / count);
  }

  seen(x: ArrayLike<number>): ArrayLike<number> {
    return this.#scaler ? this.#scaler.scale(x) : x;
  }

  lastPrediction(): number[] {
    return plainCopy(this.#lastPrediction);
  }

  parameters(): Float64Array {
    return this.#parameters.slice();
  }

  setParameters(parameters: ArrayLike<number>): void {
    this.#parameters.set(parameters);
  }

  save(): Memory {
    return {
      sizes: [...this.#sizes],
      parameters: this.parameters(),
      optimizer: structuredClone(this.#optimizerMemory),
      lastPrediction: this.#lastPrediction.slice(),
      ...(this.#scaler && { scaler: this.#scaler.save() }),
    };
  }

  load(memory: Memory): void {
    const sizes = layerSizesIn(memory);
    const parameters = float64s(memory, 'parameters', parameterCount(sizes)).slice();
    this.#build(sizes, parameters);
    this.#optimizerMemory = widened(optimizerIn(memory));
    this.#lastPrediction = Float64Array.from(float64s(memory, 'lastPrediction'));
    this.#scaler?.load(memoryIn(memory, 'scaler'));
  }

  grow(inputCount: number, outputCount: number): void {
    const growth = {
      from: this.#sizes,
      to: [inputCount, ...this.#sizes.slice(1, -1), outputCount],
    };
    const { step } = this.#optimizerMemory;
    for (const [name, value] of Object.entries(this.#optimizerMemory)) {
      if (!(value instanceof Float64Array)) continue;
      this.#optimizerMemory[name] = growVector(value, growth, name === 'born' ? step : 0);
    }
    const prediction = new Float64Array(outputCount);
    prediction.set(this.#lastPrediction);
    this.#lastPrediction = prediction;
    this.#scaler?.grow(inputCount);
    this.#build(growth.to, growVector(this.#parameters, growth, 0));
  }

  dispose(): void {
    this.#build([1, 1], new Float64Array(2));
  }

  /** Whether x can be learned from. A missing number can be standardised. */
  #isGood(x: ArrayLike<number>): boolean {
    return this.#scaler ? indexOfInfinite(x) < 0 : areFinite(x);
  }

  /** What follows from the sizes and the parameters, which the layers see as their own. */
  #build(sizes: readonly number[], parameters: Float64Array): void {
    const { activations, loss } = this.#spec;
    this.#sizes = sizes;
    this.#parameters = parameters;
    this.#network = { layers: layersOf(parameters, sizes), activations, loss };
    this.#buffers = passBuffers(sizes);
    this.#gradient = new Float64Array(parameters.length);
  }

  /** One update by the gradient at hand, whose output deltas have the given Σ|δ|. */
  #step(outputDelta: number): void {
    const { optimizer, schedule, gradientClip, outputChangeCap, weightDecay } = this.#spec;
    const gradient = this.#gradient;
    if (weightDecay > 0) this.#addDecay(weightDecay);
    if (gradientClip > 0) clipNorm(gradient, gradientClip);
    const memory = this.#optimizerMemory;
    memory.rate = schedule ? schedule(memory.step) : 1;
    const before = outputChangeCap > 0 ? this.#parameters.slice() : undefined;
    optimizer.update(memory, this.#parameters, gradient);
    if (!before) return;
    capStep(this.#parameters, { before, gradient, most: outputChangeCap * outputDelta });
  }

  /** Adds a sample's gradient, which counts `weight` times, to the one in canonical order. */
  #addGradient(gradients: readonly Layer[], weight: number): void {
    let at = 0;
    for (const { weights, biases } of gradients) {
      for (let i = 0; i < weights.length; i++, at++) this.#gradient[at]! += weight * weights[i]!;
      for (let j = 0; j < biases.length; j++, at++) this.#gradient[at]! += weight * biases[j]!;
    }
  }

  /** Adds the gradient of the penalty, of which biases have none. */
  #addDecay(weightDecay: number): void {
    let at = 0;
    for (const { weights, biases } of this.#network.layers) {
      for (let i = 0; i < weights.length; i++, at++) {
        this.#gradient[at]! += weightDecay * weights[i]!;
      }
      at += biases.length;
    }
  }
}

const sumOfSizes = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + Math.abs(value), 0);

/** A copy in float64, whichever engine it was saved by. */
const widened = (memory: OptimizerMemory): OptimizerMemory => {
  const copy = structuredClone(memory);
  for (const [name, value] of Object.entries(copy)) {
    if (value instanceof Float32Array) copy[name] = Float64Array.from(value);
  }
  return copy;
};

const clipNorm = (gradient: Float64Array, most: number): void => {
  let squares = 0;
  for (const value of gradient) squares += value * value;
  const norm = Math.sqrt(squares);
  if (norm <= most) return;
  for (let i = 0; i < gradient.length; i++) gradient[i]! *= most / norm;
};

interface Step {
  readonly before: Float64Array;
  readonly gradient: Float64Array;
  readonly most: number;
}

const capStep = (parameters: Float64Array, { before, gradient, most }: Step): void => {
  let change = 0;
  for (let i = 0; i < before.length; i++) change += gradient[i]! * (before[i]! - parameters[i]!);
  if (change <= most) return;
  const kept = most / change;
  for (let i = 0; i < before.length; i++) {
    parameters[i] = before[i]! + kept * (parameters[i]! - before[i]!);
  }
};
