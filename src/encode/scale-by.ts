import type { Sample } from '../sources/sample.ts';
import type { Applicable } from '../stream/stateful.ts';

/**
 * Multiplies every feature by one number, for values whose range is known beforehand: pixels of
 * 0 … 16 by 1/16. It remembers nothing.
 */
export const scaleBy = (factor: number): Applicable<null, Sample, Sample> => {
  if (!Number.isFinite(factor)) throw new RangeError(`factor must be finite, not ${factor}`);
  const apply = (_memory: null, sample: Sample): Sample => {
    const x = new Array<number>(sample.x.length);
    for (let i = 0; i < x.length; i++) x[i] = sample.x[i]! * factor;
    return { ...sample, x };
  };
  return { name: 'scaleBy', initial: () => null, apply, update: apply };
};
