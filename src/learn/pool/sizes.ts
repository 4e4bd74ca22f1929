import type { Memory } from '../learner.ts';
import { countIn, memoryIn } from '../memory-fields.ts';

/** Sizes that grow with the stream. `classCount` is 0 in a regression. */
export interface Sizes {
  readonly inputCount: number;
  readonly classCount: number;
}

/** The number of an expert's outputs. */
export const outputsOf = ({ classCount }: Sizes): number => Math.max(1, classCount);

/** The sizes that a memory has, under `sizes`. Throws a MemoryError. */
export const sizesIn = (memory: Memory): Sizes => {
  const sizes = memoryIn(memory, 'sizes');
  return { inputCount: countIn(sizes, 'inputCount'), classCount: countIn(sizes, 'classCount') };
};
