import { MomentsKernel } from '../../math/moments-kernel.ts';
import { DEVIATION_MIN, moments } from '../../math/running.ts';
import { infiniteInput, inputClip } from '../input-scaler.ts';
import type { Memory } from '../learner.ts';
import { countIn, float64s, memoryIn } from '../memory-fields.ts';
import { momentsIn } from '../saved-moments.ts';
import type { Sizes } from './sizes.ts';

/** How much of the mean of recent labels is kept at each sample. */
const keptShare = 0.9;
const clip = 5;
/** How the moments learn. The fading ones remember about the last 100 samples. */
const steadily = { clip: inputClip, floor: 0 };
const fadingly = { clip: inputClip, floor: 0.01 };

/** What experts see of one sample. */
export type SeenInputs = Readonly<Record<'steady' | 'fading' | 'recent', Float64Array>>;

/**
 * What the experts of a pool see of a sample: its inputs, scaled by all of the past and by the last
 * while, and what the latest targets were.
 */
export class PoolInputs {
  readonly #steady: MomentsKernel;
  readonly #fading: MomentsKernel;
  /** z-scores by all of the past. */
  steady!: Float64Array;
  /** z-scores by the last hundred samples or so. */
  fading!: Float64Array;
  /**
   * Classification: for each class whether it was the last one, and its share of the recent ones.
   * Regression: the last two standardised targets.
   */
  recent: Float64Array;
  #classCount: number;

  constructor({ inputCount, classCount }: Sizes) {
    this.#steady = new MomentsKernel(moments(inputCount));
    this.#fading = new MomentsKernel(moments(inputCount));
    this.#begin();
    this.recent = new Float64Array(recentCount(classCount));
    this.#classCount = classCount;
  }

  /** Puts the inputs of x in place. Throws a SampleError where one is infinite. */
  look(x: ArrayLike<number>): void {
    if (!this.#steady.score(x, inputClip)) throw infiniteInput(x);
    this.#fading.score(x, inputClip);
  }

  /** The same, and then takes x into the statistics. */
  take(x: ArrayLike<number>): void {
    if (!this.#steady.learn(x, steadily)) throw infiniteInput(x);
    this.#fading.learn(x, fadingly);
  }

  /** What is in place now, as copies. */
  seen(): SeenInputs {
    const { steady, fading, recent } = this;
    return { steady: steady.slice(), fading: fading.slice(), recent: recent.slice() };
  }

  /** The means and deviations by which a sample is scaled now. A deviation of 0: its score is 0. */
  scales(scaling: 'steady' | 'fading'): { means: Float64Array; deviations: Float64Array } {
    const { means, variances } = (scaling === 'steady' ? this.#steady : this.#fading).read();
    const deviations = variances.map(Math.sqrt).map((value) => (value < DEVIATION_MIN ? 0 : value));
    return { means: means.slice(), deviations };
  }

  /** Takes a target into the recent ones: the class, or the standardised number. */
  update(truth: number): void {
    const { recent } = this;
    if (this.#classCount === 0) {
      recent[1] = recent[0]!;
      recent[0] = Math.min(clip, Math.max(-clip, truth));
      return;
    }
    for (let k = 0; k < this.#classCount; k += 1) {
      recent[2 * k] = k === truth ? 1 : 0;
      recent[2 * k + 1]! *= keptShare;
    }
    recent[2 * truth + 1]! += 1 - keptShare;
  }

  grow({ inputCount, classCount }: Sizes): void {
    this.#steady.grow(inputCount);
    this.#fading.grow(inputCount);
    this.#begin();
    const recent = new Float64Array(recentCount(classCount));
    recent.set(this.recent);
    this.recent = recent;
    this.#classCount = classCount;
  }

  /** Makes the statistics of inputs fresh. */
  forget(inputs: readonly number[]): void {
    this.#steady.forget(inputs);
    this.#fading.forget(inputs);
  }

  save(): Memory {
    return {
      steady: this.#steady.read(),
      fading: this.#fading.read(),
      recent: this.recent.slice(),
      classCount: this.#classCount,
    };
  }

  load(memory: Memory): void {
    this.#steady.write(momentsIn(memoryIn(memory, 'steady')));
    this.#fading.write(momentsIn(memoryIn(memory, 'fading')));
    this.#classCount = countIn(memory, 'classCount');
    this.recent = float64s(memory, 'recent', recentCount(this.#classCount)).slice();
    this.#begin();
  }

  /** Views of the scores, which are those of no sample. */
  #begin(): void {
    this.steady = this.#steady.scores().fill(0);
    this.fading = this.#fading.scores().fill(0);
  }
}

/** How many numbers the recent targets are. */
export const recentCount = (classCount: number): number => (classCount === 0 ? 2 : 2 * classCount);
