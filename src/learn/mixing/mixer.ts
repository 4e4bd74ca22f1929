import type { Memory } from '../learner.ts';

/** Mixes the predictions of several experts by how well each has predicted lately. */
export interface Mixer {
  /** How much each expert is trusted: they sum to 1. A copy. */
  shares(): Float64Array;
  /** Fills `out` with the mix of what each expert predicted. Changes nothing. */
  mix(predictions: readonly Float64Array[], out: Float64Array): void;
  /** Learns from the truth whom to trust: the class, or the number. Follows `mix`. */
  update(predictions: readonly Float64Array[], truth: number, weight: number): void;
  save(): Memory;
  load(memory: Memory): void;
}
