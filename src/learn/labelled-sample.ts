/** A sample to learn from. */
export interface LabelledSample {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** How many ordinary samples it counts for. Default 1. */
  readonly weight?: number;
}
