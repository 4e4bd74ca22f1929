import type { TensorReport } from '../inspection.ts';
import type { Memory, Tensor } from '../learner.ts';
import type { NetworkOutline, SkipCopy } from '../network-copy.ts';
import type { PoolInputs, SeenInputs } from './inputs.ts';
import type { Sizes } from './sizes.ts';

/** What an expert learns from. */
export interface Target {
  /** The class; in regression 0. */
  readonly label: number;
  /** The standardised target of a regression. */
  readonly value: number;
  readonly weight: number;
}

/** A sample as the experts see it: copies that last. */
export interface SeenSample {
  readonly inputs: SeenInputs;
  readonly target: Target;
}

/**
 * One of those that a pool mixes. In classification it gives probabilities, in regression a
 * standardised number.
 */
export interface Expert {
  readonly name: string;
  /** Fills `out`. Changes nothing that a later call could notice. */
  predict(inputs: SeenInputs, out: Float64Array): void;
  /** Fills `out` as `predict` does, and then learns the sample. */
  learn(inputs: SeenInputs, target: Target, out: Float64Array): void;
  /** Begins again: it gave a number that is not finite. */
  reset(): void;
  grow(sizes: Sizes): void;
  /** Makes inputs as fresh as those that `grow` adds. */
  forget(inputs: readonly number[]): void;
  save(): Memory;
  load(memory: Memory): void;
  /** Each input's share of each output: outputs × inputs. Absent: it cannot say. */
  explain?(inputs: SeenInputs): Float64Array;
  tensors?(): readonly Tensor[];
  /** What these samples would do to each of `tensors()`, as they are now. At least one sample. */
  inspect?(samples: readonly SeenSample[]): readonly TensorReport[];
  /** Its net, for a learner with `inputCount` inputs. Absent: it has none. */
  outline?(inputCount: number): NetworkOutline;
  /** A copy of its net without inputs beyond the given count, for which there is only room. */
  copyNet?(inputCount: number, inputs: PoolInputs): Omit<SkipCopy, 'target'>;
}

/** A prediction may be this far from a standardised number before it counts as no further. */
const deltaMax = 3;

/** δ = h − y from the probabilities, or the standardised number, that an expert gave: in place. */
export const toDeltas = (
  outputs: Float64Array,
  { label, value }: Target,
  { classCount }: Sizes,
): void => {
  if (classCount > 0) outputs[label]! -= 1;
  else outputs[0] = Math.min(deltaMax, Math.max(-deltaMax, outputs[0]! - value));
};
