import type { CostSummary } from '../evaluate/evaluation.ts';
import type { Tensor } from '../learn/learner.ts';
import type { TensorHealth } from './layer-health.ts';

export type { StreamEvent, StreamEventKind } from '../stream/event.ts';

/** A prediction beside its truth, for people to look at. */
export interface Prediction {
  /** Samples learned before it. */
  readonly step: number;
  /** The name of the sample, where it has one. */
  readonly id?: string;
  /** At most the first 64 features. */
  readonly x: readonly number[];
  /** The label, or the number. Absent where it is not known. */
  readonly y?: number | string;
  /** The outputs from before the sample was learned. */
  readonly prediction: readonly number[];
  /** The loss of the sample. */
  readonly cost: number;
}

/** A small summary of a learner for people: what is broadcast. All arrays are copies. */
export interface Snapshot {
  /** Samples learned. */
  readonly step: number;
  /** J_total and the windowed cost. */
  readonly cost: CostSummary;
  /** Each metric by its name, such as `accuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The same measures for "as last time". */
  readonly baseline: Readonly<Record<string, number>>;
  /** Samples rejected so far, by any stage. */
  readonly rejected: number;
  /** The newest few, newest last. */
  readonly predictions: readonly Prediction[];
  /** All parameters, by name. */
  readonly tensors: readonly Tensor[];
  /** How these tensors are doing, where the learner can tell and samples have come. */
  readonly layers?: readonly TensorHealth[];
  /** The names of the outputs where they are classes, in order. */
  readonly classes?: readonly string[];
}
