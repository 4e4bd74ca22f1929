/**
 * One observation as vectors, as learners take it. Without y it is predicted, not learned.
 *
 * A NaN in x is a missing value, where a scaler or a pool follows that knows what the mean is.
 * A bare network refuses it. A NaN in y is always bad.
 */
export interface Sample {
  /** The features: inputCount numbers. */
  readonly x: ArrayLike<number>;
  /** The target: outputCount numbers, each from −1e15 to 1e15. A class is one-hot. */
  readonly y?: ArrayLike<number>;
  /**
   * How many classes had appeared before this sample, where the target is a class: a prediction covers
   * these, the first outputs, and no others. An encoder sets it. Default: the learner's outputs.
   */
  readonly classCount?: number;
  /** The name of the sample, where it has one. */
  readonly id?: string;
  /** The line of the text that it came from, counted from 1. Named in a rejection. */
  readonly line?: number;
  /** When it was observed, in milliseconds since the Unix epoch. */
  readonly time?: number;
  /** How many ordinary observations it counts for: 0 to 1e6. Default 1. */
  readonly weight?: number;
  /**
   * 0-based positions of x that have another meaning from this sample on: a part that remembers by
   * position forgets them before it uses the sample.
   */
  readonly forgotten?: readonly number[];
}
