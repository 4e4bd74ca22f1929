import type { Activation } from '../activation.ts';
import type { Layer } from '../equations.ts';
import { growVector, layersOf, parameterCount } from '../layout.ts';
import type { Memory } from '../learner.ts';
import type { Loss } from '../loss.ts';
import type { OptimizerMemory } from '../optimizer.ts';
import { type BackwardPass, backwardPass, type ForwardPass, forwardPass } from '../passes.ts';
import type { Engine, NetworkSpec } from './engine.ts';

/** The readable engine: TypeScript, float64, section by section as in the equations. */
export class ReferenceEngine implements Engine {
  readonly name = 'reference';
  readonly #spec: NetworkSpec;
  #sizes: readonly number[];
  #parameters: Float64Array;
  #optimizerMemory: OptimizerMemory;
  #lastPrediction: Float64Array;

  constructor(spec: NetworkSpec) {
    this.#spec = spec;
    this.#sizes = spec.sizes;
    this.#parameters = new Float64Array(parameterCount(spec.sizes));
    this.#optimizerMemory = spec.optimizer.initial(this.#parameters.length);
    this.#lastPrediction = new Float64Array(spec.sizes.at(-1)!);
  }

  get sizes(): readonly number[] {
    return this.#sizes;
  }

  predict(x: ArrayLike<number>, out: Float64Array): boolean {
    if (!isFiniteVector(x)) return false;
    out.set(this.forward(x).h.at(-1)!);
    return true;
  }

  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight: number): number | undefined {
    if (!isFiniteVector(x) || !isFiniteVector(y)) return undefined;
    const pass = this.forward(x);
    const backward = this.backprop(pass, y);
    this.descend(pass, backward, weight);
    return backward.cost;
  }

  /** The forward pass, every z and h kept. */
  forward(x: ArrayLike<number>): ForwardPass {
    return forwardPass(this.#network(), x);
  }

  /** All δ and gradients of one sample, with the weights from before its update. */
  backprop(pass: ForwardPass, y: ArrayLike<number>): BackwardPass {
    return backwardPass(this.#network(), pass, y);
  }

  /** W ← W − α ∂J/∂W and b ← b − α ∂J/∂b, as the optimizer and the limits of the network have it. */
  descend(pass: ForwardPass, { gradients: layers, deltas }: BackwardPass, weight: number): void {
    const { optimizer, schedule, gradientClip, outputChangeCap } = this.#spec;
    const gradient = this.#flatGradient(layers, weight);
    if (gradientClip > 0) clipNorm(gradient, gradientClip);
    const memory = this.#optimizerMemory;
    memory.rate = schedule ? schedule(memory.step) : 1;
    const before = outputChangeCap > 0 ? this.#parameters.slice() : undefined;
    optimizer.update(memory, this.#parameters, gradient);
    this.#lastPrediction = pass.h.at(-1)!.slice();
    if (!before) return;
    const outputDelta = deltas.at(-1)!.reduce((sum, delta) => sum + Math.abs(delta), 0);
    capStep(this.#parameters, { before, gradient, most: outputChangeCap * weight * outputDelta });
  }

  lastPrediction(out: Float64Array): void {
    out.set(this.#lastPrediction);
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
    };
  }

  load(memory: Memory): void {
    this.#sizes = memory['sizes'] as readonly number[];
    this.#parameters = Float64Array.from(memory['parameters'] as Float64Array);
    this.#optimizerMemory = widened(memory['optimizer'] as OptimizerMemory);
    this.#lastPrediction = Float64Array.from(memory['lastPrediction'] as Float64Array);
  }

  grow(inputCount: number, outputCount: number): void {
    const growth = {
      from: this.#sizes,
      to: [inputCount, ...this.#sizes.slice(1, -1), outputCount],
    };
    const { step } = this.#optimizerMemory;
    this.#parameters = growVector(this.#parameters, growth, 0);
    for (const [name, value] of Object.entries(this.#optimizerMemory)) {
      if (!(value instanceof Float64Array)) continue;
      this.#optimizerMemory[name] = growVector(value, growth, name === 'born' ? step : 0);
    }
    const prediction = new Float64Array(outputCount);
    prediction.set(this.#lastPrediction);
    this.#lastPrediction = prediction;
    this.#sizes = growth.to;
  }

  dispose(): void {
    this.#parameters = new Float64Array(0);
  }

  #network(): { layers: Layer[]; activations: readonly Activation[]; loss: Loss } {
    const { activations, loss } = this.#spec;
    return { layers: layersOf(this.#parameters, this.#sizes), activations, loss };
  }

  #flatGradient(layers: readonly Layer[], weight: number): Float64Array {
    const { weightDecay } = this.#spec;
    const flat = new Float64Array(this.#parameters.length);
    const into = layersOf(flat, this.#sizes);
    const current = layersOf(this.#parameters, this.#sizes);
    for (const [l, { weights, biases }] of layers.entries()) {
      const decayed = current[l]!.weights;
      for (let i = 0; i < weights.length; i++) {
        into[l]!.weights[i] = weight * weights[i]! + weightDecay * decayed[i]!;
      }
      for (let j = 0; j < biases.length; j++) into[l]!.biases[j] = weight * biases[j]!;
    }
    return flat;
  }
}

/** A copy in float64, whichever engine it was saved by. */
const widened = (memory: OptimizerMemory): OptimizerMemory => {
  const copy = structuredClone(memory);
  for (const [name, value] of Object.entries(copy)) {
    if (value instanceof Float32Array) copy[name] = Float64Array.from(value);
  }
  return copy;
};

const isFiniteVector = (values: ArrayLike<number>): boolean => {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i]!)) return false;
  return true;
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
