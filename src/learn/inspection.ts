import type { Activation } from './activation.ts';
import type { LabelledSample } from './labelled-sample.ts';
import { allDeltas, forwardPass, type Trainable, type UnitPass, unitBuffers } from './passes.ts';

/** What some samples would do to one tensor of parameters, as these are now. */
export interface TensorReport {
  /** As in `tensors()`. */
  readonly name: string;
  /** √(mean ‖∂J/∂W‖²) over the samples, whatever they weigh. */
  readonly gradientNorm: number;
  /**
   * For the weights of hidden units: the largest |f′(z)| of each unit over the samples. A unit whose
   * slope is 0 learns nothing.
   */
  readonly slopes?: Float64Array;
}

/** Adds up, sample by sample, what a {@link TensorReport} says. */
export class TensorMeter {
  readonly #name: string;
  readonly #slopes: Float64Array | undefined;
  #squares = 0;
  #count = 0;

  /** Without a number of units there are no slopes to keep. */
  constructor(name: string, unitCount?: number) {
    this.#name = name;
    this.#slopes = unitCount === undefined ? undefined : new Float64Array(unitCount);
  }

  /** Takes ‖∂J/∂W‖² of one sample, and f′ of each unit. */
  add(squares: number, slopes?: Float64Array): void {
    this.#squares += squares;
    this.#count += 1;
    if (!slopes || !this.#slopes) return;
    for (let j = 0; j < slopes.length; j++) {
      this.#slopes[j] = Math.max(this.#slopes[j]!, Math.abs(slopes[j]!));
    }
  }

  report(): TensorReport {
    const gradientNorm = Math.sqrt(this.#squares / this.#count);
    return { name: this.#name, gradientNorm, ...(this.#slopes && { slopes: this.#slopes }) };
  }
}

/**
 * Reports on the tensors of a network, named as its `tensors()`. The gradient of one sample is the
 * outer product δhᵀ, whose norm is ‖δ‖ ‖h‖: no gradient is made.
 */
export const inspectNetwork = (
  network: Trainable,
  samples: readonly LabelledSample[],
): TensorReport[] => {
  const { layers, activations } = network;
  const sizes = [samples[0]!.x.length, ...layers.map(({ biases }) => biases.length)];
  const pass = unitBuffers(sizes);
  const last = layers.length - 1;
  const meters = layers.map((_, l) => ({
    weights: new TensorMeter(`l${l}.W`, l < last ? sizes[l + 1] : undefined),
    biases: new TensorMeter(`l${l}.b`),
  }));
  for (const { x, y } of samples) {
    forwardPass(network, x, pass.forward);
    allDeltas(network, { ...pass.forward, y }, pass.deltas);
    for (const [l, meter] of meters.entries()) {
      const squares = sumOfSquares(pass.deltas[l]!);
      const slopes = l < last ? slopesOf(activations[l]!, pass, l) : undefined;
      meter.weights.add(squares * sumOfSquares(pass.forward.h[l]!), slopes);
      meter.biases.add(squares);
    }
  }
  return meters.flatMap(({ weights, biases }) => [weights.report(), biases.report()]);
};

/** The square of a vector's length. */
export const sumOfSquares = (values: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
};

/** The same under the name of the one of several learners that they belong to. */
export const underName = <Named extends { readonly name: string }>(
  name: string,
  named: readonly Named[] = [],
): Named[] => named.map((one) => ({ ...one, name: `${name}/${one.name}` }));

/**
 * f′ of each unit, up to its sign: signs alternate so that softmax, which answers to differences
 * alone, is an activation like the others.
 */
const slopesOf = (activation: Activation, { forward }: UnitPass, l: number): Float64Array => {
  const [z, h] = [forward.z[l]!, forward.h[l + 1]!];
  const slopes = Float64Array.from(z, (_, j) => (j % 2 === 0 ? 1 : -1));
  activation.backward({ z, h }, slopes, slopes);
  return slopes;
};
