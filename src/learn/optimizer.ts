import type { MemoryValue } from './learner.ts';

/**
 * What every optimizer remembers. Each adds arrays of its own, one number per parameter, that are
 * zero when fresh; `born`, where there is one, holds the step at which a parameter was made.
 */
export interface OptimizerMemory {
  /** Updates done. */
  step: number;
  /** What the schedule multiplies the learning rate by in the next update. */
  rate: number;
  [name: string]: MemoryValue;
}

/**
 * Turns gradients into steps. Two verbs and no state of its own: its memory is plain data, so
 * that it can be copied out and put back.
 */
export interface Optimizer<Own extends OptimizerMemory = OptimizerMemory> {
  /** Shown in descriptions and written to checkpoints. */
  readonly name: string;
  /** The numbers it was made with, such as `{ learningRate: 0.25 }`: a kernel reads them. */
  readonly options: Readonly<Record<string, number | boolean>>;
  /** The memory before the first update of `parameterCount` parameters: ≥ 1. */
  initial(parameterCount: number): Own;
  /** One step downhill: changes `parameters` and `memory` in place. */
  update(memory: Own, parameters: Float64Array, gradient: Float64Array): void;
}

/** Throws a RangeError where an option is not a number of the given range. */
export const checkOption = (
  name: string,
  value: number,
  [least, most]: readonly [number, number],
): number => {
  if (value >= least && value <= most) return value;
  throw new RangeError(`${name} must lie between ${least} and ${most}, not be ${value}`);
};

/** The learning rate of an optimizer: any positive, finite number. */
export const checkLearningRate = (optimizer: string, value: number): number =>
  checkOption(`learningRate of ${optimizer}`, value, [Number.MIN_VALUE, Number.MAX_VALUE]);
