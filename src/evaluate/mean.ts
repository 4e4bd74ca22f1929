import type { Metric } from './metric.ts';

/** Σ weight × value, and Σ weight. */
export type MeanMemory = { sum: number; all: number };

/** The parts of a metric that is a mean over the outcomes: all but its `update`. */
export const mean: Omit<Metric<MeanMemory>, 'name' | 'update'> = {
  initial: () => ({ sum: 0, all: 0 }),
  value: ({ sum, all }) => sum / all,
  scale(memory, factor) {
    memory.sum *= factor;
    memory.all *= factor;
  },
};

/** Takes one more value into a mean. */
export const addToMean = (memory: MeanMemory, value: number, weight: number): void => {
  memory.sum += weight * value;
  memory.all += weight;
};
