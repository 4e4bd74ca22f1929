import { badTarget, badWeight, isTarget, isWeight } from '../sources/sample-range.ts';
import { SampleError } from '../stream/rejection.ts';

/** What is predicted: which of some classes, or a number. */
export type LearnerTask = 'classification' | 'regression';

/** What a learner that needs no network options is made with. */
export interface TaskOptions {
  /** What the target is. */
  readonly task: LearnerTask;
  /** Inputs that are known at the start; more may come. ≥ 1. */
  readonly inputCount: number;
  /** Classes that are known at the start, ≥ 1; more may come. In regression it is 1. */
  readonly outputCount: number;
  /** Of the first weights. Default 1. */
  readonly seed?: number;
}

/** Throws a TypeError or a RangeError if an option is invalid. */
export const checkTask = ({ task, inputCount, outputCount }: TaskOptions): void => {
  if (task !== 'classification' && task !== 'regression') {
    throw new TypeError(`task must be classification or regression, not ${String(task)}`);
  }
  for (const [name, count] of Object.entries({ inputCount, outputCount })) {
    if (Number.isInteger(count) && count >= 1) continue;
    throw new RangeError(`${name} must be a positive integer, not ${count}`);
  }
  if (task === 'regression' && outputCount !== 1) {
    throw new RangeError(`outputCount of a regression is 1, not ${outputCount}`);
  }
};

/**
 * Throws a SampleError if y is not a target for `outputCount` outputs, or out of range. A shorter y knows
 * fewer classes.
 */
export const checkTarget = (y: ArrayLike<number>, outputCount: number): void => {
  if (y.length < 1 || y.length > outputCount) {
    throw new SampleError('shape', `y has ${y.length} numbers; the learner takes ${outputCount}`);
  }
  checkTargets(y);
};

/** Throws a SampleError where a number of y is not from −1e15 to 1e15. */
export const checkTargets = (y: ArrayLike<number>): void => {
  for (let k = 0; k < y.length; k += 1) if (!isTarget(y[k]!)) throw badTarget(`y[${k}]`, y[k]);
};

/** Throws a RangeError where a learner would have fewer inputs or outputs than it has. */
export const checkGrowth = (
  learner: { readonly inputCount: number; readonly outputCount: number },
  inputCount: number,
  outputCount: number,
): void => {
  if (inputCount >= learner.inputCount && outputCount >= learner.outputCount) return;
  const now = `${learner.inputCount} inputs and ${learner.outputCount} outputs`;
  throw new RangeError(`${now} cannot shrink to ${inputCount} and ${outputCount}`);
};

/** Throws a SampleError where a weight is not from 0 to 1e6. */
export const checkWeight = (weight: number): void => {
  if (!isWeight(weight)) throw badWeight(weight);
};

/** The class that y stands for: where it is largest. */
export const labelOf = (y: ArrayLike<number>): number => {
  let best = 0;
  for (let k = 1; k < y.length; k += 1) if (y[k]! > y[best]!) best = k;
  return best;
};

/** Throws a RangeError where one of the inputs is none of the learner's. */
export const checkForgotten = (
  { inputCount }: { readonly inputCount: number },
  inputs: readonly number[],
): void => {
  for (const input of inputs)
    if (!Number.isInteger(input) || input < 0 || input >= inputCount)
      throw new RangeError(`there is no input ${input}: expected 0 to ${inputCount - 1}`);
};
