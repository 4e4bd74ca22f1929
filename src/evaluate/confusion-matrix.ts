import { capacityFor } from '../math/capacity.ts';
import { requireWhole } from '../math/limits.ts';
import { scaleAll } from './class-counts.ts';
import type { Measure, Outcome } from './metric.ts';

/**
 * Weights, row-major: one row for each true class, one column for each predicted class. There may be
 * capacity for more: a row is as long as there could be rows.
 */
export type ConfusionMemory = { side: number; counts: Float64Array };

/** Options of {@link confusionMatrix}. */
export interface ConfusionOptions {
  /** Classes with a row of their own; all later ones share the last. Default 100; 2 to 1,000. */
  readonly classesMax?: number;
}

/** A table of what was predicted (columns) where each class was true (rows). It grows with the classes. */
export const confusionMatrix = ({
  classesMax = 100,
}: ConfusionOptions = {}): Measure<ConfusionMemory, readonly (readonly number[])[]> => {
  requireWhole('classesMax', classesMax, [2, 1000]);
  return {
    name: 'confusionMatrix',
    isOfClasses: true,
    initial: () => ({ side: 0, counts: new Float64Array(0) }),
    update: (memory, outcome) => countPair(memory, outcome, classesMax),
    value({ side, counts }) {
      const stride = strideOf(counts);
      return Array.from({ length: side }, (_, row) => [
        ...counts.subarray(row * stride, row * stride + side),
      ]);
    },
    scale: ({ counts }, factor) => scaleAll(counts, factor),
  };
};

const countPair = (memory: ConfusionMemory, outcome: Outcome, classesMax: number): void => {
  const row = Math.min(outcome.trueClass, classesMax);
  const column = Math.min(outcome.predictedClass, classesMax);
  const highest = Math.max(row, column);
  if (highest >= memory.side) widen(memory, highest + 1);
  memory.counts[row * strideOf(memory.counts) + column]! += outcome.weight;
};

const strideOf = ({ length }: Float64Array): number => Math.sqrt(length);

const widen = (memory: ConfusionMemory, side: number): void => {
  const from = strideOf(memory.counts);
  memory.side = side;
  if (side <= from) return;
  const to = capacityFor(side);
  const counts = new Float64Array(to * to);
  for (let row = 0; row < from; row += 1)
    counts.set(memory.counts.subarray(row * from, (row + 1) * from), row * to);
  memory.counts = counts;
};
