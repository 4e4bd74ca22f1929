import type { Activation } from '../activation.ts';
import type { LabelledSample } from '../labelled-sample.ts';
import type { Memory } from '../learner.ts';
import type { Loss } from '../loss.ts';
import type { Optimizer } from '../optimizer.ts';

/** All that an engine must know of a network: its parts, resolved and checked. */
export interface NetworkSpec {
  /** s_1 … s_{n_l}: inputs first, outputs last. */
  readonly sizes: readonly number[];
  /** One activation a layer: sizes.length − 1. */
  readonly activations: readonly Activation[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** λ of the penalty ½λ‖W‖²: λW is added to the gradient of each weight, of no bias. 0: none. */
  readonly weightDecay: number;
  /** The largest Euclidean norm of the whole gradient; a longer one is scaled down. 0: no limit. */
  readonly gradientClip: number;
  /**
   * The cap c on how far one sample may move the output. With Δw the steps of all parameters and
   * q their gradients, s = Σ q·Δw is how far, to first order, J falls; where s exceeds c Σ|δ| of
   * the output layer all steps are scaled down to it. 0: no cap.
   */
  readonly outputChangeCap: number;
  /** Whether x is turned into z-scores, by moments that the engine keeps. */
  readonly isStandardised: boolean;
  /** The factor on the learning rate for the update after `step` others. Absent: always 1. */
  readonly schedule?: (step: number) => number;
}

/**
 * One way to run a network. The reference reads like the equations and runs any part; the simd
 * engine is one call into WebAssembly a sample. Others see parameters in the canonical order
 * alone: per layer W row-major s_{l+1} × s_l, then b, no padding.
 *
 * The network has checked lengths; `predict` and `learn` themselves look for numbers that are not
 * finite. Where x is standardised a NaN is a missing value, and infinity alone is refused.
 */
export interface Engine {
  readonly name: 'reference' | 'simd';
  readonly sizes: readonly number[];
  /** Fills `out` with h^(n_l)(x), and changes nothing. Returns false where x is not finite. */
  predict(x: ArrayLike<number>, out: Float64Array): boolean;
  /**
   * Learns one sample whose gradient counts `weight` times. Returns J from before the update, or
   * undefined, with nothing changed, where x is not finite or y out of range.
   */
  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight: number): number | undefined;
  /**
   * Learns samples one after the other, in few calls. Fills `costs` with each J from before its
   * update; a sample that is not finite is left out, and its cost is NaN.
   */
  learnMany(samples: readonly LabelledSample[], costs: Float64Array): void;
  /**
   * One update by the mean gradient of several samples, all with the weights from before it.
   * Costs as for `learnMany`; the mean is over the samples that are finite.
   */
  learnBatch(samples: readonly LabelledSample[], costs: Float64Array): void;
  /** h^(1): x itself, or its z-scores, in an array that the next call may overwrite. */
  seen(x: ArrayLike<number>): ArrayLike<number>;
  /** What the latest `learn` predicted before its update: a copy. */
  lastPrediction(): number[];
  /** A copy of all parameters in canonical order. */
  parameters(): Float64Array;
  /** Replaces all parameters, given in canonical order. */
  setParameters(parameters: ArrayLike<number>): void;
  /**
   * A copy of all that it remembers, in canonical order and in one form for both engines, so that
   * either can resume from it: `sizes`, `parameters`, `optimizer`, and `scaler` where x is standardised.
   */
  save(): Memory;
  load(memory: Memory): void;
  /** New input columns and output rows are zero, with fresh optimizer memory. */
  grow(inputCount: number, outputCount: number): void;
  /** Gives back what it holds. It must not be used afterwards. */
  dispose(): void;
}
