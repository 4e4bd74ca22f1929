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
  const apply = (memory: ScalerMemory, sample: Sample): Sample =>
    withX(sample, standardised(kernelOf(memory), sample.x, clip));
  const update = (memory: ScalerMemory, sample: Sample): Sample => {
    const kernel = kernelOf(memory);
    const x = standardised(kernel, sample.x, clip);
    if (sample.y === undefined && from === 'labelled') return withX(sample, x);
    if (sample.x.length > kernel.size) {
      kernel.grow(sample.x.length);
      kernel.put(sample.x);
    }
    kernel.update(floor);
    return withX(sample, x);
  };
  return { name: 'scaler', initial: () => moments(0), apply, update };
};

/** Leaves x in the kernel, so that an update can follow. Throws before anything has changed. */
const standardised = (kernel: MomentsKernel, x: ArrayLike<number>, clip: number): number[] => {
  if (x.length < kernel.size)
    throw new SampleError('shape', `x has ${x.length} numbers: expected at least ${kernel.size}`);
  const z = kernel.standardised(x, clip);
  if (z === undefined || x.length > kernel.size) checkValues(x);
  return z!;
};

const checkValues = (x: ArrayLike<number>): void => {
  for (let i = 0; i < x.length; i += 1)
    if (x[i] === Infinity || x[i] === -Infinity)
      throw new SampleError('value', `x[${i}] is ${x[i]}: expected a finite number`);
};

/** Spelled out, because spreading a sample costs more than scaling it. */
const withX = ({ y, id, line, time, weight }: Sample, x: number[]): Sample => {
  const sample: { -readonly [Key in keyof Sample]: Sample[Key] } = { x };
  if (y !== undefined) sample.y = y;
  if (id !== undefined) sample.id = id;
  if (line !== undefined) sample.line = line;
  if (time !== undefined) sample.time = time;
  if (weight !== undefined) sample.weight = weight;
  return sample;
};
