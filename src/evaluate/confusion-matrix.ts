import { capacityFor } from '../math/capacity.ts';
import { requireWhole } from '../math/limits.ts';
import { scaleAll } from './class-counts.ts';
import { type Measure, NO_CLASS, type Outcome } from './metric.ts';

/**
 * Weights, row-major: one row for each true class, one column for each predicted class. There may be
 * capacity for more: a row is as long as there could be rows. And of each true class what was
 * predicted before any class was known.
 */
export type ConfusionMemory = { side: number; counts: Float64Array; unnamed: Float64Array };

/** Options of {@link confusionMatrix}. */
export interface ConfusionOptions {
  /** Classes with a row of their own; all later ones share the last. Default 100; 2 to 1,000. */
  readonly classesMax?: number;
}

/**
 * A table of what was predicted (columns) where each class was true (rows). It grows with the classes.
 * A stream begins before any class is known, so its first sample has no predicted class: such samples
 * are a last column, one beyond the classes, where there are any.
 */
export const confusionMatrix = ({
  classesMax = 100,
}: ConfusionOptions = {}): Measure<ConfusionMemory, readonly (readonly number[])[]> => {
  requireWhole('classesMax', classesMax, [2, 1000]);
  return {
    name: 'confusionMatrix',
    isOfClasses: true,
    initial: () => ({ side: 0, counts: new Float64Array(0), unnamed: new Float64Array(0) }),
    update: (memory, outcome) => countPair(memory, outcome, classesMax),
    value({ side, counts, unnamed }) {
      const stride = strideOf(counts);
      const isAnyUnnamed = unnamed.some((weight) => weight > 0);
      return Array.from({ length: side }, (_, row) => [
        ...counts.subarray(row * stride, row * stride + side),
        ...(isAnyUnnamed ? [unnamed[row]!] : []),
      ]);
    },
    scale({ counts, unnamed }, factor) {
      scaleAll(counts, factor);
      scaleAll(unnamed, factor);
    },
  };
};

const countPair = (memory: ConfusionMemory, outcome: Outcome, classesMax: number): void => {
  const row = Math.min(outcome.trueClass, classesMax);
  const column = Math.min(outcome.predictedClass, classesMax);
  const highest = Math.max(row, column);
  if (highest >= memory.side) widen(memory, highest + 1);
  if (column === NO_CLASS) memory.unnamed[row]! += outcome.weight;
  else memory.counts[row * strideOf(memory.counts) + column]! += outcome.weight;
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
  const unnamed = new Float64Array(to);
  unnamed.set(memory.unnamed);
  memory.unnamed = unnamed;
};
