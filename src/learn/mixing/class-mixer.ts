import { Logarithms } from '../../math/logarithms.ts';
import { power } from '../../math/power.ts';
import type { Memory } from '../learner.ts';
import { float64s } from '../memory-fields.ts';
import type { Mixer } from './mixer.ts';
import { equalShares, updateShares } from './shares.ts';
import { softmaxInPlace } from './softmax.ts';

const likelihoodMin = 0.001;
const probabilityMin = 1e-4;
const learningRate = 0.01;

/**
 * Mixes probabilities in two ways, and the two by Bayes' rule: P = Σ w p, with w by Bayes' rule and
 * a fixed share; and L ∝ exp(Σ u ln p), whose weights learn by descent and need not sum to one, so
 * that experts who agree sharpen each other. The second is the mixing of M. Mahoney's PAQ.
 */
export class ClassMixer implements Mixer {
  readonly #count: number;
  #shares: Float64Array;
  #exponents: Float64Array;
  /** The trust in P and in L. */
  #final: Float64Array;
  #linear = new Float64Array(0);
  #logistic = new Float64Array(0);
  /** ln p of each expert and class. */
  readonly #logarithms = new Logarithms(0);
  readonly #likelihoods: Float64Array;
  readonly #finalLikelihoods = new Float64Array(2);

  constructor(count: number) {
    this.#count = count;
    this.#shares = equalShares(count);
    this.#exponents = equalShares(count);
    this.#final = equalShares(2);
    this.#likelihoods = new Float64Array(count);
  }

  shares(): Float64Array {
    return this.#shares.slice();
  }

  mix(predictions: Float64Array, out: Float64Array): void {
    this.#resize(out.length);
    this.#takeLogarithms(predictions);
    this.#mixBoth(predictions);
    const trust = this.#final[0]!;
    const trustInLogistic = this.#final[1]!;
    for (let k = 0; k < out.length; k += 1) {
      out[k] = trust * this.#linear[k]! + trustInLogistic * this.#logistic[k]!;
    }
  }

  update(predictions: Float64Array, truth: number, weight: number): void {
    const classCount = this.#linear.length;
    for (let e = 0; e < this.#count; e += 1) {
      this.#likelihoods[e] = likelihoodOf(predictions[e * classCount + truth]!, weight);
    }
    this.#finalLikelihoods[0] = likelihoodOf(this.#linear[truth]!, weight);
    this.#finalLikelihoods[1] = likelihoodOf(this.#logistic[truth]!, weight);
    updateShares(this.#shares, this.#likelihoods);
    updateShares(this.#final, this.#finalLikelihoods);
    this.#learnExponents(truth, weight);
  }

  save(): Memory {
    return {
      shares: this.#shares.slice(),
      exponents: this.#exponents.slice(),
      final: this.#final.slice(),
    };
  }

  load(memory: Memory): void {
    this.#shares = float64s(memory, 'shares', this.#shares.length).slice();
    this.#exponents = float64s(memory, 'exponents', this.#exponents.length).slice();
    this.#final = float64s(memory, 'final', this.#final.length).slice();
  }

  #takeLogarithms(predictions: Float64Array): void {
    const { values } = this.#logarithms;
    for (let i = 0; i < values.length; i += 1) {
      values[i] = Math.max(predictions[i]!, probabilityMin);
    }
    this.#logarithms.take();
  }

  #mixBoth(predictions: Float64Array): void {
    const shares = this.#shares;
    const exponents = this.#exponents;
    const logarithms = this.#logarithms.values;
    const classCount = this.#linear.length;
    for (let k = 0; k < classCount; k += 1) {
      let mean = 0;
      let exponent = 0;
      for (let e = 0, at = k; e < shares.length; e += 1, at += classCount) {
        mean += shares[e]! * predictions[at]!;
        exponent += exponents[e]! * logarithms[at]!;
      }
      this.#linear[k] = mean;
      this.#logistic[k] = exponent;
    }
    softmaxInPlace(this.#logistic);
  }

  /** u ← u − η Σ_k (L(k) − [k = y]) ln p(k). */
  #learnExponents(truth: number, weight: number): void {
    const deltas = this.#logistic;
    const logarithms = this.#logarithms.values;
    deltas[truth]! -= 1;
    let at = 0;
    for (let e = 0; e < this.#count; e += 1) {
      let slope = 0;
      for (let k = 0; k < deltas.length; k += 1, at += 1) slope += deltas[k]! * logarithms[at]!;
      this.#exponents[e]! -= learningRate * weight * slope;
    }
  }

  #resize(classCount: number): void {
    if (this.#linear.length === classCount) return;
    this.#linear = new Float64Array(classCount);
    this.#logistic = new Float64Array(classCount);
    this.#logarithms.resize(classCount * this.#count);
  }
}

/** Of a sample that counts `weight` times. */
const likelihoodOf = (probability: number, weight: number): number => {
  const likelihood = Math.max(probability, likelihoodMin);
  return weight === 1 ? likelihood : power(likelihood, weight);
};
