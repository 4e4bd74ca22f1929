import type { Memory, Tensor } from '../learner.ts';
import type { PoolInputs } from './inputs.ts';

/** What an expert learns from: the class, or the standardised number. */
export interface Target {
  /** The class; in regression 0. */
  readonly label: number;
  /** The standardised target of a regression. */
  readonly value: number;
  readonly weight: number;
}

/** Sizes that grow as a stream goes on. `classCount` is 0 in regression. */
export interface Sizes {
  readonly inputCount: number;
  readonly classCount: number;
}

/**
 * One of those that a pool mixes. In classification it gives probabilities, in regression a
 * standardised number.
 */
export interface Expert {
  readonly name: string;
  /** Fills `out`. Changes nothing that a later call could notice. */
  predict(inputs: PoolInputs, out: Float64Array): void;
  /** Learns the sample that the latest `predict` was about. */
  learn(inputs: PoolInputs, target: Target): void;
  /** Begins again: it gave a number that is not finite. */
  reset(): void;
  grow(sizes: Sizes): void;
  save(): Memory;
  load(memory: Memory): void;
  /** Each input's share of each output: outputs × inputs. Absent: it cannot say. */
  explain?(inputs: PoolInputs): Float64Array;
  tensors?(): readonly Tensor[];
}

/** The number of an expert's outputs. */
export const outputsOf = ({ classCount }: Sizes): number => Math.max(1, classCount);
