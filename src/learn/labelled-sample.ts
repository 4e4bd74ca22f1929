/** A sample to learn from. */
export interface LabelledSample {
  /** Inputs, one per slot. */
  readonly x: ArrayLike<number>;
  /** Targets, one per output: one-hot for classes. */
  readonly y: ArrayLike<number>;
  /** How many ordinary samples it counts for. Default 1. */
  readonly weight?: number;
}
