import type { Memory } from '../learner.ts';

/**
 * Mixes the predictions of several experts by how well each has predicted lately. The predictions are
 * one vector: all outputs of the first expert, then those of the second.
 */
export interface Mixer {
  /** How much each expert is trusted: they sum to 1. A copy. */
  shares(): Float64Array;
  /** Fills `out` with the mix of what each expert predicted. Changes nothing. */
  mix(predictions: Float64Array, out: Float64Array): void;
  /** Learns from the truth whom to trust: the class, or the number. Follows `mix`. */
  update(predictions: Float64Array, truth: number, weight: number): void;
  save(): Memory;
  load(memory: Memory): void;
}

/** The part of the predictions that each expert fills, as views. */
export const partsOf = (predictions: Float64Array, outputCount: number): Float64Array[] =>
  Array.from({ length: predictions.length / outputCount }, (_, e) =>
    predictions.subarray(e * outputCount, (e + 1) * outputCount),
  );
