import { exp } from '../../math/exp.ts';
import type { Memory } from '../learner.ts';
import { LeastSquares } from '../least-squares/least-squares.ts';
import { float64s, memoryIn } from '../memory-fields.ts';
import type { Mixer } from './mixer.ts';
import { equalShares, updateShares } from './shares.ts';

const numberMax = 8;
const errorMax = 3;
const varianceRate = 0.02;
const varianceMin = 1e-4;

/**
 * Mixes numbers in two ways, and the two by Bayes' rule: Σ w f, with w by Bayes' rule as if each
 * expert's error were normal with its recent variance; and Σ u f, with u by least squares, so that
 * one expert can correct another. The numbers are standardised targets.
 */
export class NumberMixer implements Mixer {
  readonly #trust: ErrorTrust;
  readonly #finalTrust = new ErrorTrust(2);
  #factors: Float64Array;
  readonly #solver: LeastSquares;
  readonly #final = new Float64Array(2);

  constructor(count: number) {
    this.#trust = new ErrorTrust(count);
    this.#factors = equalShares(count);
    this.#solver = new LeastSquares(count, 0.1);
  }

  shares(): Float64Array {
    return this.#trust.shares.slice();
  }

  mix(predictions: Float64Array, out: Float64Array): void {
    let mean = 0;
    let stacked = 0;
    for (let e = 0; e < predictions.length; e += 1) {
      const number = predictions[e]!;
      mean += this.#trust.shares[e]! * number;
      stacked += this.#factors[e]! * number;
    }
    this.#final[0] = mean;
    this.#final[1] = Math.min(numberMax, Math.max(-numberMax, stacked));
    const { shares } = this.#finalTrust;
    out[0] = shares[0]! * mean + shares[1]! * this.#final[1]!;
  }

  update(predictions: Float64Array, truth: number, weight: number): void {
    if (weight === 0) return;
    this.#trust.update(predictions, truth);
    this.#finalTrust.update(this.#final, truth);
    const error = Math.min(errorMax, Math.max(-errorMax, this.#final[1]! - truth));
    const { gain, direction } = this.#solver.take(predictions, weight);
    for (let e = 0; e < predictions.length; e += 1)
      this.#factors[e]! -= gain * error * direction[e]!;
  }

  save(): Memory {
    return {
      trust: this.#trust.save(),
      final: this.#finalTrust.save(),
      factors: this.#factors.slice(),
      solver: this.#solver.save(),
    };
  }

  load(memory: Memory): void {
    this.#trust.load(memoryIn(memory, 'trust'));
    this.#finalTrust.load(memoryIn(memory, 'final'));
    this.#factors = float64s(memory, 'factors', this.#factors.length).slice();
    this.#solver.load(memoryIn(memory, 'solver'));
  }
}

/** Shares by Bayes' rule from how large each one's errors have been lately. */
class ErrorTrust {
  shares: Float64Array;
  #variances: Float64Array;
  readonly #likelihoods: Float64Array;

  constructor(count: number) {
    this.shares = equalShares(count);
    this.#variances = new Float64Array(count).fill(1);
    this.#likelihoods = new Float64Array(count);
  }

  update(numbers: Float64Array, truth: number): void {
    for (let e = 0; e < numbers.length; e += 1) {
      const square = (numbers[e]! - truth) ** 2;
      const variance = this.#variances[e]!;
      const density = exp(-Math.min(9, square / (2 * variance))) / Math.sqrt(variance);
      this.#likelihoods[e] = Math.max(1e-6, density);
      const mean = (1 - varianceRate) * variance + varianceRate * square;
      this.#variances[e] = Math.max(varianceMin, mean);
    }
    updateShares(this.shares, this.#likelihoods);
  }

  save(): Memory {
    return { shares: this.shares.slice(), variances: this.#variances.slice() };
  }

  load(memory: Memory): void {
    this.shares = float64s(memory, 'shares', this.shares.length).slice();
    this.#variances = float64s(memory, 'variances', this.#variances.length).slice();
  }
}
