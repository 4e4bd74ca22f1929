import type { Metric } from '../metric.ts';

/** Weights of all outcomes and of those that were right. */
export type AccuracyMemory = { right: number; all: number };

/** The fraction of samples whose class was predicted. */
export const accuracy = (): Metric<AccuracyMemory> => ({
  name: 'accuracy',
  initial: () => ({ right: 0, all: 0 }),
  update(memory, { predictedClass, trueClass, weight }) {
    memory.all += weight;
    if (predictedClass === trueClass) memory.right += weight;
  },
  value: ({ right, all }) => right / all,
  scale(memory, factor) {
    memory.right *= factor;
    memory.all *= factor;
  },
});
