import type { Memory } from '../learn/learner.ts';
import { lengthened } from '../learn/prediction-cost.ts';
import type { Stateful } from '../stream/stateful.ts';

/** What a metric sees of one sample: what was predicted before learning, and what was true. */
export interface Outcome {
  /** As long as y: 0 for a class that the model could not name. */
  readonly prediction: ArrayLike<number>;
  /** Targets, one per output. */
  readonly y: ArrayLike<number>;
  /** How many ordinary samples it counts for. */
  readonly weight: number;
  /**
   * {@link classOf} of the prediction, found once for all metrics; {@link NO_CLASS} where no class was
   * known when it was made. It equals no true class.
   */
  readonly predictedClass: number;
  /** {@link classOf} of y. */
  readonly trueClass: number;
}

/**
 * Compares predictions with truths. Its memory is plain data, and `update` does little: the value
 * is computed when it is read, since it is read far less often than samples come.
 *
 * An outcome is only lent: a measure that needs it later copies numbers out of it.
 */
export interface Measure<M extends Memory = Memory, Value = unknown>
  extends Stateful<M, Outcome, void> {
  /** The measure over all outcomes so far. A copy. */
  value(memory: M): Value;
  /** True where only classes and weights are looked at: a window then keeps nothing else. */
  readonly isOfClasses?: boolean;
  /** True where it already compares: then there is no "as last time" to set beside it. */
  readonly isComparison?: boolean;
  /**
   * Multiplies all its sums by a factor in (0, 1], as if each weight so far had been multiplied. With it
   * the measure can fade.
   */
  scale?(memory: M, factor: number): void;
  /** The exact value over a few outcomes, where `update` can only approximate it. */
  exact?(outcomes: readonly Outcome[]): Value;
}

/** A measure that is one number; NaN where it is not defined yet. */
export interface Metric<M extends Memory = Memory> extends Measure<M, number> {}

/** A measure that is several numbers, by their names. */
export interface MetricGroup<M extends Memory = Memory>
  extends Measure<M, Readonly<Record<string, number>>> {}

/** Metrics as {@link evaluate} takes them: one by the name it is shown under, a group by any name. */
export type Metrics = Readonly<Record<string, Metric | MetricGroup>>;

/**
 * The class that a vector stands for: the place of its largest number; of a single number, 1 from
 * one half upwards, else 0.
 */
export const classOf = (vector: ArrayLike<number>): number => {
  if (vector.length === 1) return vector[0]! >= 0.5 ? 1 : 0;
  return Array.isArray(vector) ? placeOfLargest(vector) : placeOfLargestIn(vector);
};

// The same loop for each kind of array: one that has seen several kinds is compiled for none.

const placeOfLargest = (values: readonly number[]): number => {
  let best = 0;
  let largest = values[0]!;
  for (let i = 1; i < values.length; i += 1) {
    const value = values[i]!;
    if (value > largest) {
      largest = value;
      best = i;
    }
  }
  return best;
};

const placeOfLargestIn = (values: ArrayLike<number>): number => {
  let best = 0;
  let largest = values[0]!;
  for (let i = 1; i < values.length; i += 1) {
    const value = values[i]!;
    if (value > largest) {
      largest = value;
      best = i;
    }
  }
  return best;
};

/** What a prediction says that was made before any class was known. */
export const NO_CLASS = -1;

/**
 * The class that a prediction names, for a target of `outputs` numbers. It may be shorter than the
 * target, since it covers the classes known when it was made: a single number is then that of class 0.
 */
export const predictedClassOf = (prediction: ArrayLike<number>, outputs: number): number => {
  if (prediction.length === 0) return NO_CLASS;
  return prediction.length === 1 && outputs > 1 ? 0 : classOf(prediction);
};

/**
 * An outcome from what was predicted and what was true: y has one number per output, the prediction at
 * most as many. `weight` is ≥ 0, default 1.
 */
export const outcome = (
  prediction: ArrayLike<number>,
  y: ArrayLike<number>,
  weight = 1,
): Outcome => ({
  prediction: lengthened(prediction, y.length),
  y,
  weight,
  predictedClass: predictedClassOf(prediction, y.length),
  trueClass: classOf(y),
});
