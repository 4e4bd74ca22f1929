import type { Sample } from '../sources/sample.ts';
import type { TensorReport } from './inspection.ts';
import type { Interval } from './interval.ts';
import type { LabelledSample } from './labelled-sample.ts';
import type { Memory, MemoryValue } from './memory.ts';
import type { NetworkCopy, NetworkOutline, PartCopy } from './network-copy.ts';

export type { Memory, MemoryValue };

/** Whatever predicts and learns: a network, a pool of them, a user's own. */
export interface Learner {
  /** Inputs that it takes. */
  readonly inputCount: number;
  /** Outputs that it gives. */
  readonly outputCount: number;
  /**
   * h^(n_l)(x), as many numbers as there are outputs. Fills and returns `out`, or a fresh array.
   * Changes nothing.
   */
  predict(x: ArrayLike<number>, out?: Float64Array): Float64Array;
  /**
   * Learns one sample. Returns J as it was before the update; the update is done on return.
   * Throws a SampleError, before anything has changed, when the sample is bad: of another shape, or
   * with a number that is not finite. Targets lie within ±1e15 and weights between 0 and 1e6; the
   * operators let nothing else through.
   */
  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight?: number): number;
  /**
   * What it is made of apart from its sizes, in one line, such as its experts or its optimizer with the
   * options. A checkpoint states it, and is not resumed by a learner that states another. Default: unknown.
   */
  readonly composition?: string;
  /**
   * What the latest {@link Learner.learn} predicted before its update. With it an operator need
   * not predict twice; without it, it predicts before it learns. A copy.
   */
  lastPrediction?(): number[];
  /**
   * J of a prediction of this learner, by the loss that {@link Learner.learn} returns: y has outputCount
   * numbers, and the prediction at most as many. It has fewer if y is a class that had not appeared yet:
   * a missing output counts as 0, and a probability below 1e-15 as 1e-15, so that J is finite. Changes
   * nothing. Absent: half the squared error.
   */
  costOf?(prediction: ArrayLike<number>, y: ArrayLike<number>): number;
  /** A copy of all that it remembers. */
  save(): Memory;
  /** After it, the learner is bit-identical to the one that was saved. */
  load(memory: Memory): void;
  /** Makes room: new rows and columns are zero, and their optimizer memory is fresh. */
  grow?(inputCount: number, outputCount: number): void;
  /**
   * Makes inputs what {@link Learner.grow} would add: their weights are zero, their statistics and
   * optimizer memory fresh. With it a stream may give an input that is not seen any more to another.
   */
  forget?(inputs: readonly number[]): void;
  /**
   * Each input's contribution to the prediction of x: outputCount × inputCount, row-major. Throws a
   * SampleError for every x that {@link Learner.predict} refuses.
   */
  explain?(x: ArrayLike<number>): Float64Array;
  /**
   * Where the target of x lies with the probability `coverage`, above 0 and below 1; of a regression alone.
   * Absent: the learner gives no intervals.
   */
  interval?(x: ArrayLike<number>, coverage?: number): Interval;
  /** The parameters that a watcher may see, in canonical order. Absent: nothing to show. */
  tensors?(): readonly Tensor[];
  /**
   * What these samples, as {@link Learner.learn} takes them, would do to each of `tensors()` as these
   * are now. At least one sample. Changes nothing.
   */
  inspect?(samples: readonly LabelledSample[]): readonly TensorReport[];
  /** The networks in it that {@link Learner.copyNetwork} can copy. Copies nothing. Absent: none. */
  networks?(): readonly NetworkOutline[];
  /** A copy of the network of that name. Throws a RangeError where there is none. */
  copyNetwork?(name: string): NetworkCopy;
  /**
   * What one sample, as {@link Learner.learn} takes it, makes of the units of that network that matter
   * most to it: at most so many a layer. Absent: only whole networks can be copied.
   */
  copyPart?(name: string, sample: LabelledSample, unitsMax: number): PartCopy;
}

/** A named array of parameters, row-major [out, in], without padding. A copy. */
export interface Tensor {
  /** Such as `l0.W` or `fast/l1.b`. */
  readonly name: string;
  /** Its dimensions, row-major. */
  readonly shape: readonly number[];
  /** Its numbers, row-major. */
  readonly values: Float32Array | Float64Array;
}

/** What became of one sample: predicted first, then learned from. */
export interface Update {
  /** Samples learned so far, this one included. A sample without y does not count. */
  readonly step: number;
  /** The sample that was learned. */
  readonly sample: Sample;
  /**
   * The prediction from before the update. It covers the classes known then: it is shorter than y where
   * there are more of them now, and empty where there was none.
   */
  readonly prediction: ArrayLike<number>;
  /**
   * J of this sample before the update; NaN where there was no y to compare with. Where y is a class
   * that appears for the first time, J of a prediction that gave it 0: −ln 1e-15 = 34.5, or what a
   * squared error makes of it.
   */
  readonly cost: number;
}
