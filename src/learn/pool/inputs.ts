import { InputScaler } from '../input-scaler.ts';
import type { Memory } from '../learner.ts';
import type { Aim, Sizes } from './expert.ts';

/** How much of the mean of recent labels is kept at each sample. */
const keptShare = 0.9;
const clip = 5;

/** What experts see of one sample. */
export type SeenInputs = Readonly<Record<'steady' | 'fading' | 'recent', Float64Array>>;

/**
 * What the experts of a pool see of a sample: its inputs, scaled by all of the past and by the last
 * while, and what the latest targets were.
 */
export class PoolInputs {
  readonly #steady: InputScaler;
  readonly #fading: InputScaler;
  /** z-scores by all of the past. */
  steady: Float64Array;
  /** z-scores by the last hundred samples or so. */
  fading: Float64Array;
  /**
   * Classification: for each class whether it was the last one, and its share of the recent ones.
   * Regression: the last two standardised targets.
   */
  recent: Float64Array;
  #classCount: number;

  constructor({ inputCount, classCount }: Sizes) {
    this.#steady = new InputScaler(inputCount);
    this.#fading = new InputScaler(inputCount, 0.01);
    this.steady = this.#steady.scale([]);
    this.fading = this.#fading.scale([]);
    this.recent = new Float64Array(recentCount(classCount));
    this.#classCount = classCount;
  }

  /** Puts the inputs of x in place. */
  scale(x: ArrayLike<number>): void {
    this.steady = this.#steady.scale(x);
    this.fading = this.#fading.scale(x);
  }

  /** What is in place now, as copies. */
  seen(): SeenInputs {
    const { steady, fading, recent } = this;
    return { steady: steady.slice(), fading: fading.slice(), recent: recent.slice() };
  }

  /** Takes x into the statistics, and the target into the recent ones. */
  update(x: ArrayLike<number>, { label, value }: Aim): void {
    this.#steady.update(x);
    this.#fading.update(x);
    const { recent } = this;
    if (this.#classCount === 0) {
      recent[1] = recent[0]!;
      recent[0] = Math.min(clip, Math.max(-clip, value));
      return;
    }
    for (let k = 0; k < this.#classCount; k += 1) {
      recent[2 * k] = k === label ? 1 : 0;
      recent[2 * k + 1]! *= keptShare;
    }
    recent[2 * label + 1]! += 1 - keptShare;
  }

  grow({ inputCount, classCount }: Sizes): void {
    this.#steady.grow(inputCount);
    this.#fading.grow(inputCount);
    this.scale([]);
    const recent = new Float64Array(recentCount(classCount));
    recent.set(this.recent);
    this.recent = recent;
    this.#classCount = classCount;
  }

  save(): Memory {
    return {
      steady: this.#steady.save(),
      fading: this.#fading.save(),
      recent: this.recent.slice(),
      classCount: this.#classCount,
    };
  }

  load(memory: Memory): void {
    this.#steady.load(memory['steady'] as Memory);
    this.#fading.load(memory['fading'] as Memory);
    this.recent = (memory['recent'] as Float64Array).slice();
    this.#classCount = memory['classCount'] as number;
    this.scale([]);
  }
}

/** How many numbers the recent targets are. */
export const recentCount = (classCount: number): number => (classCount === 0 ? 2 : 2 * classCount);
