import {
  grownMoments,
  type Moments,
  moments,
  standardiseInPlace,
  updateMoments,
} from '../math/running.ts';
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
    checkValues(memory, sample.x);
    const x = copied(sample.x);
    standardiseInPlace(memory, x, clip);
    return { ...sample, x };
  };
  const update = (memory: ScalerMemory, sample: Sample): Sample => {
    const standardised = apply(memory, sample);
    if (sample.y === undefined && from === 'labelled') return standardised;
    makeRoom(memory, sample.x.length);
    updateMoments(memory, sample.x, floor);
    return standardised;
  };
  return { name: 'scaler', initial: () => moments(0), apply, update };
};

const makeRoom = (memory: ScalerMemory, size: number): void => {
  if (size > memory.means.length) Object.assign(memory, grownMoments(memory, size));
};

const copied = (x: ArrayLike<number>): number[] => {
  const copy = new Array<number>(x.length);
  for (let i = 0; i < copy.length; i += 1) copy[i] = x[i]!;
  return copy;
};

const checkValues = ({ means }: ScalerMemory, x: ArrayLike<number>): void => {
  if (x.length < means.length)
    throw new SampleError('shape', `x has ${x.length} numbers: expected at least ${means.length}`);
  for (let i = 0; i < x.length; i += 1)
    if (x[i] === Infinity || x[i] === -Infinity)
      throw new SampleError('value', `x[${i}] is ${x[i]}: expected a finite number`);
};
