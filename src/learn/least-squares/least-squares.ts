import type { Memory } from '../learner.ts';
import { countIn, float64s } from '../memory-fields.ts';
import { type Workspace, workspace } from './workspace.ts';

/** How much of the past counts at each sample: about the last 1,000 do. */
const kept = 0.999;

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
  readonly #first: number;
  #size: number;
  #work!: Workspace;

  /** `first` is the variance that a weight is believed to have before anything was seen. */
  constructor(size: number, first = 1) {
    this.#first = first;
    this.#size = size;
    this.reset();
  }

  /** Takes in features whose sample counts `weight` times. The step is overwritten by the next. */
  take(features: Float64Array, weight: number): NewtonStep {
    const work = this.#work;
    const variance = work.multiply(features);
    // Rounding may have left P indefinite.
    if (!(variance >= 0 && variance < 1e12)) {
      this.reset();
      return { gain: 0, direction: this.#work.direction };
    }
    const gain = 1 / (kept / weight + variance);
    // P may not grow without end where the features hardly vary.
    const inflation = work.trace() > this.#size ? 1 : 1 / kept;
    work.shrink(gain, inflation);
    return { gain, direction: work.direction };
  }

  reset(): void {
    this.#replace(this.#size);
    for (let i = 0; i < this.#size; i += 1) this.#work.set(i, i, this.#first);
  }

  /** Makes room: `to` says at which place each feature is from now on. */
  grow(size: number, to: readonly number[]): void {
    const old = this.#work;
    this.#work = workspace(size);
    this.#size = size;
    for (let i = 0; i < size; i += 1) this.#work.set(i, i, this.#first);
    if (old.isFull && this.#work.isFull) moveAll(old, this.#work, to);
    else for (let i = 0; i < to.length; i += 1) this.#work.set(to[i]!, to[i]!, old.get(i, i));
    old.free();
  }

  /** Makes a feature as fresh as one that `grow` adds. */
  forget(feature: number): void {
    const work = this.#work;
    for (let i = 0; work.isFull && i < this.#size; i += 1) {
      work.set(i, feature, 0);
      work.set(feature, i, 0);
    }
    work.set(feature, feature, this.#first);
  }

  save(): Memory {
    return { size: this.#size, inverse: this.#work.inverse.slice() };
  }

  load(memory: Memory): void {
    this.#size = countIn(memory, 'size');
    this.#replace(this.#size);
    this.#work.inverse.set(float64s(memory, 'inverse'));
  }

  #replace(size: number): void {
    this.#work?.free();
    this.#work = workspace(size);
  }
}

/** A plain loop over the numbers: this is most of what a new class costs. */
const moveAll = (from: Workspace, into: Workspace, to: readonly number[]): void => {
  for (let i = 0; i < to.length; i += 1) {
    const [source, target] = [i * from.stride, to[i]! * into.stride];
    for (let j = 0; j < to.length; j += 1)
      into.inverse[target + to[j]!] = from.inverse[source + j]!;
  }
};
