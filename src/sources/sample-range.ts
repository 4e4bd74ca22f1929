import { SampleError } from '../stream/rejection.ts';

/*
 * The range of samples in which every cost is exact and every learner stays finite. A sample outside it
 * is rejected, wherever it comes in, before anything has changed.
 *
 * Features have no bound beside being finite: whatever scales takes one beyond 1e150 for ±1e150, whose
 * square is still finite, and gives z-scores of at most 5. A network that does not scale takes what
 * float32 holds, up to 3.4e38; where its cost is no longer finite, `learn` takes it back to its last
 * finite state and rejects the sample.
 */

/**
 * The largest |target|. Whole numbers up to it are exact. J of an error of 2e15 is 2e30, and its square
 * 4e60: billions of them add up within float64 and, as J alone, one fits float32 (3.4e38).
 */
export const TARGET_MAX = 1e15;

/**
 * The largest |J|: more than some 10,000 outputs can cost that are off by 2e15 each. A learner that gives
 * more is no longer itself.
 */
export const COST_MAX = 1e35;

/**
 * The largest weight of a sample; the least is 0. A gradient that counts a million times, and its square in
 * the memory of an optimizer, stay far within float32, for as many such samples as ever come.
 */
export const WEIGHT_MAX = 1e6;

/** Whether it is a number, and lies between 0 and {@link WEIGHT_MAX}. */
export const isWeight = (weight: number): boolean =>
  typeof weight === 'number' && weight >= 0 && weight <= WEIGHT_MAX;

/** Why a weight is rejected. */
export const badWeight = (weight: unknown): SampleError => {
  // A symbol or an object without a prototype has no text, whatever its type was said to be.
  const what = typeof weight === 'number' ? String(weight) : `a ${typeof weight}`;
  return new SampleError('value', `weight is ${what}: expected a number from 0 to 1e6`);
};

/** Whether a target lies within ±{@link TARGET_MAX}. NaN does not. */
export const isTarget = (value: number): boolean => value <= TARGET_MAX && value >= -TARGET_MAX;

/**
 * Whether all of some targets, as float32 holds them, lie within ±{@link TARGET_MAX}: so both engines of a
 * network take the same.
 */
export const areTargets = (values: ArrayLike<number>): boolean => indexOfBadTarget(values) < 0;

/** The place of the first that does not; −1 where all do. */
export const indexOfBadTarget = (values: ArrayLike<number>): number => {
  for (let i = 0; i < values.length; i += 1) if (!isTarget(Math.fround(values[i]!))) return i;
  return -1;
};

/** Why a target is rejected, with the name that its number goes by. */
export const badTarget = (name: string, value: unknown): SampleError =>
  new SampleError('value', `${name} is ${String(value)}: expected a number from -1e15 to 1e15`);
