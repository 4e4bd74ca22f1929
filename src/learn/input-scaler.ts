import { indexOfInfinite } from '../math/finite.ts';
import {
  grownMoments,
  type Moments,
  moments,
  standardiseInPlace,
  updateMoments,
} from '../math/running.ts';
import { SampleError } from '../stream/rejection.ts';
import type { Memory } from './learner.ts';
import { momentsIn } from './saved-moments.ts';

/** How far a z-score is from 0 at most. */
export const inputClip = 5;

/**
 * The scaler that a learner owns: z-scores from the mean and variance of each input so far, clipped
 * at 5. A missing number (NaN), one beyond the end of a shorter vector, and one of a constant input
 * become 0, the mean.
 */
export class InputScaler {
  readonly #floor: number;
  #moments: Moments;
  #z: Float64Array;

  /** A floor above 0 lets the past fade: 0.01 remembers about the last 100 samples. */
  constructor(inputCount: number, floor = 0) {
    this.#floor = floor;
    this.#moments = moments(inputCount);
    this.#z = new Float64Array(inputCount);
  }

  /** The z-scores of x, in a buffer that the next call overwrites. Changes nothing else. */
  scale(x: ArrayLike<number>): Float64Array {
    const z = this.#z;
    for (let i = 0; i < x.length; i += 1) z[i] = x[i]!;
    for (let i = x.length; i < z.length; i += 1) z[i] = Number.NaN;
    standardiseInPlace(this.#moments, z, inputClip);
    return z;
  }

  /** Takes x into the statistics. */
  update(x: ArrayLike<number>): void {
    updateMoments(this.#moments, x, this.#floor);
  }

  grow(inputCount: number): void {
    this.#moments = grownMoments(this.#moments, inputCount);
    this.#z = new Float64Array(inputCount);
  }

  save(): Memory {
    const { counts, means, variances } = this.#moments;
    return { counts: counts.slice(), means: means.slice(), variances: variances.slice() };
  }

  load(memory: Memory): void {
    const saved = momentsIn(memory);
    this.#moments = grownMoments(saved, saved.means.length);
    this.#z = new Float64Array(saved.means.length);
  }
}

/** Throws a SampleError where x cannot be scaled: NaN is missing, but infinity is a mistake. */
export const checkInputs = (x: ArrayLike<number>, inputCount: number): void => {
  checkInputCount(x, inputCount);
  if (indexOfInfinite(x) >= 0) throw infiniteInput(x);
};

/** Throws a SampleError where x is longer than a learner has inputs. */
export const checkInputCount = (x: ArrayLike<number>, inputCount: number): void => {
  if (x.length <= inputCount) return;
  throw new SampleError('shape', `x has ${x.length} numbers; the learner takes ${inputCount}`);
};

/** What is wrong with an x that has an infinite number. */
export const infiniteInput = (x: ArrayLike<number>): SampleError => {
  const at = indexOfInfinite(x);
  return new SampleError('value', `x[${at}] is ${x[at]}, which is not a finite number`);
};
