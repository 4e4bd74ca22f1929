import { type Moments, moments, updateMoments } from '../math/running.ts';
import type { Memory } from './learner.ts';
import type { Scale } from './network-copy.ts';
import { momentsIn } from './saved-moments.ts';

/** Beyond it a square would overflow. */
const targetMax = 1e150;
/** A single sample, however far out, may not move a prediction further than this. */
const clip = 8;

const bounded = (value: number): number => Math.min(targetMax, Math.max(-targetMax, value));

/** The running mean and deviation of a regression's target, and the way there and back. */
export class TargetScaler {
  #moments: Moments = moments(1);
  readonly #buffer = new Float64Array(1);

  /** The standardised target, at most 8 deviations from the mean. */
  standardise(y: number): number {
    // Before the first target there is no scale: whatever it is, it is the mean.
    if (this.#moments.counts[0] === 0) return 0;
    return this.clip((bounded(y) - this.#moments.means[0]!) / this.deviation);
  }

  /** The target that a standardised prediction stands for. */
  restore(z: number): number {
    return this.#moments.means[0]! + this.deviation * this.clip(z);
  }

  clip(z: number): number {
    return Math.min(clip, Math.max(-clip, z));
  }

  /** By which it standardises now. */
  get scale(): Scale {
    return { mean: this.#moments.means[0]!, deviation: this.deviation };
  }

  get deviation(): number {
    const deviation = Math.sqrt(this.#moments.variances[0]!);
    return deviation < 1e-9 ? 1 : deviation;
  }

  /** ½(y − h)² in the target's own units. */
  cost(h: number, y: number): number {
    const error = bounded(y) - h;
    return (error * error) / 2;
  }

  update(y: number): void {
    this.#buffer[0] = y;
    updateMoments(this.#moments, this.#buffer, 0);
  }

  save(): Memory {
    const { counts, means, variances } = this.#moments;
    return { counts: counts.slice(), means: means.slice(), variances: variances.slice() };
  }

  load(memory: Memory): void {
    const { counts, means, variances } = momentsIn(memory);
    this.#moments = {
      counts: counts.slice(),
      means: means.slice(),
      variances: variances.slice(),
    };
  }
}
