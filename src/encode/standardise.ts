import { indexOfInfinite } from '../math/finite.ts';
import { kernelOf, type MomentsKernel } from '../math/moments-kernel.ts';
import { type Moments, moments } from '../math/running.ts';
import type { Sample } from '../sources/sample.ts';
import { SampleError } from '../stream/rejection.ts';
import type { Applicable } from '../stream/stateful.ts';

/** What a scaler remembers: the running mean and variance of each slot. */
export type ScalerMemory = Moments;

/** Options of {@link scaler}. */
export interface ScalerOptions {
  /** The largest distance from the mean, in standard deviations. Default 5. */
  readonly clip?: number;
  /**
   * The least share that a new value has in the statistics, 0 … 1. Default 0: all of the past
   * counts the same. Above 0 the past fades: with 0.01 the last 100 values or so count.
   */
  readonly floor?: number;
  /**
   * Which samples the statistics come from. Default `labelled`: a sample without y is a question,
   * and changes nothing. `all` is for streams without targets.
   */
  readonly from?: 'labelled' | 'all';
}

/**
 * Makes x comparable, slot by slot: z = clip((x − m)/√v), with mean and variance as they were before
 * the sample. What is missing (NaN) or has been constant becomes 0. It grows when x does.
 */
export const scaler = ({
  clip = 5,
  floor = 0,
  from = 'labelled',
}: ScalerOptions = {}): Applicable<ScalerMemory, Sample, Sample> => {
  if (!(clip > 0)) throw new RangeError(`clip: expected a number above 0, got ${clip}`);
  if (!(floor >= 0 && floor <= 1)) throw new RangeError(`floor: expected 0 … 1, got ${floor}`);
  const apply = (memory: ScalerMemory, sample: Sample): Sample => {
    const kernel = kernelOf(memory);
    checkLength(sample.x, kernel.size);
    const z = kernel.look(sample.x, clip);
    if (z === undefined || sample.x.length > kernel.size) checkValues(sample.x);
    return withX(sample, z!);
  };
  const update = (memory: ScalerMemory, sample: Sample): Sample => {
    const { x, y, forgotten } = sample;
    if (forgotten) kernelOf(memory).forget(forgotten);
    if (y === undefined && from === 'labelled') return apply(memory, sample);
    const kernel = kernelOf(memory);
    if (x.length !== kernel.size) grow(kernel, x);
    const z = kernel.take(x, { clip, floor });
    if (z === undefined) checkValues(x);
    return withX(sample, z!);
  };
  return { name: 'scaler', initial: () => moments(0), apply, update };
};

const grow = (kernel: MomentsKernel, x: ArrayLike<number>): void => {
  checkLength(x, kernel.size);
  checkValues(x);
  kernel.grow(x.length);
};

const checkLength = (x: ArrayLike<number>, least: number): void => {
  if (x.length >= least) return;
  throw new SampleError('shape', `x has ${x.length} numbers: expected at least ${least}`);
};

/** Throws before anything has changed. */
const checkValues = (x: ArrayLike<number>): void => {
  const at = indexOfInfinite(x);
  if (at < 0) return;
  throw new SampleError('value', `x[${at}] is ${x[at]}: expected a finite number`);
};

/** Spelled out, because spreading a sample costs more than scaling it. */
const withX = (
  { y, classCount, id, line, time, weight, forgotten }: Sample,
  x: number[],
): Sample => {
  const sample: { -readonly [Key in keyof Sample]: Sample[Key] } = { x };
  if (y !== undefined) sample.y = y;
  if (classCount !== undefined) sample.classCount = classCount;
  if (id !== undefined) sample.id = id;
  if (line !== undefined) sample.line = line;
  if (time !== undefined) sample.time = time;
  if (weight !== undefined) sample.weight = weight;
  if (forgotten !== undefined) sample.forgotten = forgotten;
  return sample;
};
