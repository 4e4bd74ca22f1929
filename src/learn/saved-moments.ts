import type { Moments } from '../math/running.ts';
import type { Memory } from './learner.ts';
import { float64s } from './memory-fields.ts';

/** The moments that a memory is: three arrays of one length. Throws a MemoryError. */
export const momentsIn = (memory: Memory): Moments => {
  const means = float64s(memory, 'means');
  return {
    counts: float64s(memory, 'counts', means.length),
    means,
    variances: float64s(memory, 'variances', means.length),
  };
};
