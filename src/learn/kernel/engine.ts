import type { Activation } from '../activation.ts';
import type { Memory } from '../learner.ts';
import type { Loss } from '../loss.ts';
import type { Optimizer } from '../optimizer.ts';

/** All that an engine must know of a network: its parts, resolved, and its limits. */
export interface NetworkSpec {
  /** s_1 … s_{n_l}: inputs first, outputs last. */
  readonly sizes: readonly number[];
  /** One activation a layer: sizes.length − 1. */
  readonly activations: readonly Activation[];
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** λ of the penalty ½λ‖W‖²: λW is added to each gradient of a weight, not of a bias. Default 0. */
  readonly weightDecay: number;
  /** The largest Euclidean norm of the whole gradient; longer ones are scaled down. 0: no limit. */
  readonly gradientClip: number;
  /**
   * The cap c on how far one sample may move the output (reference engine alone): with
   * s = Σ q·step over all weights, steps are scaled so that s ≤ c Σ|δ of the output|. 0: no cap.
   */
  readonly outputChangeCap: number;
  /** The factor on the learning rate at a step. Absent: 1. */
  readonly schedule?: (step: number) => number;
}

/**
 * One way to run a network. The reference reads like the equations and runs any part; the simd
 * engine is one call into WebAssembly a sample. Both see parameters in the canonical order: per
 * layer W row-major s_{l+1} × s_l, then b, no padding.
 *
 * The network has checked the lengths and that all numbers are finite: an engine checks nothing.
 */
export interface Engine {
  readonly name: 'reference' | 'simd';
  readonly sizes: readonly number[];
  /** Fills `out` with h^(n_l)(x). Changes nothing that a later call could notice. */
  predict(x: ArrayLike<number>, out: Float64Array): void;
  /** Learns one sample whose gradient counts `weight` times. Returns J from before the update. */
  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight: number): number;
  /** Fills `out` with what the latest `learn` predicted before its update. */
  lastPrediction(out: Float64Array): void;
  /** A copy of all parameters in canonical order. */
  parameters(): Float64Array;
  /** Replaces all parameters, given in canonical order. */
  setParameters(parameters: ArrayLike<number>): void;
  /** Whether the latest update left every parameter it touched finite (cheap, may lag a little). */
  isFinite(): boolean;
  /** A copy of the parameters and of the optimizer's memory, in canonical order. */
  save(): Memory;
  load(memory: Memory): void;
  /** New input columns and output rows are zero, with fresh optimizer memory. */
  grow(inputCount: number, outputCount: number): void;
  dispose(): void;
}
