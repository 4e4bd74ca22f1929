import type { Memory } from './learner.ts';

/** How much of the past counts at each sample: about the last 1,000 do. */
const kept = 0.999;
/** Beyond it a full matrix would cost too much time a sample: only its diagonal is kept. */
const fullSizeMax = 160;

/** The direction of a step, and its length for an error of 1. */
export interface NewtonStep {
  readonly gain: number;
  readonly direction: Float64Array;
}

/**
 * Recursive least squares with forgetting: the inverse P of the weighted second moments of all
 * features, kept up to date by the formula of Sherman and Morrison.
 */
export class LeastSquares {
  #size: number;
  #inverse: Float64Array;
  #direction: Float64Array;

  readonly #first: number;

  /** `first` is the variance that a weight is believed to have before anything was seen. */
  constructor(size: number, first = 1) {
    this.#size = size;
    this.#first = first;
    this.#inverse = identity(size, first);
    this.#direction = new Float64Array(size);
  }

  /** Takes in features whose sample counts `weight` times. The step is overwritten by the next. */
  take(features: Float64Array, weight: number): NewtonStep {
    const direction = this.#direction;
    const isFull = this.#isFull();
    if (isFull) multiply(this.#inverse, features, direction);
    else
      for (let i = 0; i < features.length; i += 1) direction[i] = this.#inverse[i]! * features[i]!;
    let variance = 0;
    for (let i = 0; i < features.length; i += 1) variance += features[i]! * direction[i]!;
    // Rounding may have left P indefinite.
    if (!(variance >= 0 && variance < 1e12)) {
      this.reset();
      return { gain: 0, direction: this.#direction };
    }
    const gain = 1 / (kept / weight + variance);
    // P may not grow without end where the features hardly vary.
    const inflation = this.#trace() > this.#size ? 1 : 1 / kept;
    if (isFull) shrink(this.#inverse, direction, { gain, inflation });
    else this.#shrinkDiagonal(gain, inflation);
    return { gain, direction };
  }

  reset(): void {
    this.#inverse = identity(this.#size, this.#first);
    this.#direction = new Float64Array(this.#size);
  }

  /** Makes room: `to` says at which place each feature is from now on. */
  grow(size: number, to: readonly number[]): void {
    const old = { inverse: this.#inverse, size: this.#size, isFull: this.#isFull() };
    this.#size = size;
    this.reset();
    const entry = (i: number, j: number): number => old.inverse[i * old.size + j]!;
    if (!this.#isFull()) {
      for (const [i, at] of to.entries()) {
        this.#inverse[at] = old.isFull ? entry(i, i) : old.inverse[i]!;
      }
      return;
    }
    for (const [i, row] of to.entries()) {
      for (const [j, column] of to.entries()) this.#inverse[row * size + column] = entry(i, j);
    }
  }

  save(): Memory {
    return { size: this.#size, inverse: this.#inverse.slice() };
  }

  load(memory: Memory): void {
    this.#size = memory['size'] as number;
    this.#inverse = (memory['inverse'] as Float64Array).slice();
    this.#direction = new Float64Array(this.#size);
  }

  #isFull(): boolean {
    return this.#size <= fullSizeMax;
  }

  #trace(): number {
    const step = this.#isFull() ? this.#size + 1 : 1;
    let sum = 0;
    for (let i = 0; i < this.#inverse.length; i += step) sum += this.#inverse[i]!;
    return sum;
  }

  #shrinkDiagonal(gain: number, inflation: number): void {
    for (let i = 0; i < this.#size; i += 1) {
      const step = this.#direction[i]!;
      this.#inverse[i] = (this.#inverse[i]! - gain * step * step) * inflation;
    }
  }
}

const identity = (size: number, scale: number): Float64Array => {
  if (size > fullSizeMax) return new Float64Array(size).fill(scale);
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i += 1) matrix[i * size + i] = scale;
  return matrix;
};

const multiply = (matrix: Float64Array, vector: Float64Array, out: Float64Array): void => {
  const size = vector.length;
  for (let i = 0, at = 0; i < size; i += 1) {
    let sum = 0;
    for (let j = 0; j < size; j += 1, at += 1) sum += matrix[at]! * vector[j]!;
    out[i] = sum;
  }
};

/** P ← (P − gain · d dᵀ) · inflation. */
const shrink = (
  matrix: Float64Array,
  direction: Float64Array,
  { gain, inflation }: { gain: number; inflation: number },
): void => {
  const size = direction.length;
  for (let i = 0, at = 0; i < size; i += 1) {
    const scale = gain * direction[i]!;
    for (let j = 0; j < size; j += 1, at += 1) {
      matrix[at] = (matrix[at]! - scale * direction[j]!) * inflation;
    }
  }
};
