import type { Metric } from '../metric.ts';

/** Σ weight × error, and Σ weight. */
export type MeanErrorMemory = { sum: number; all: number };

/** The mean absolute error, 1/m Σ |y − h|; over several outputs, their mean. */
export const mae = (): Metric<MeanErrorMemory> => ({
  name: 'mae',
  initial: () => ({ sum: 0, all: 0 }),
  update(memory, { prediction, y, weight }) {
    let sum = 0;
    for (let i = 0; i < y.length; i += 1) sum += Math.abs(y[i]! - prediction[i]!);
    memory.sum += (weight * sum) / y.length;
    memory.all += weight;
  },
  value: ({ sum, all }) => sum / all,
  scale(memory, factor) {
    memory.sum *= factor;
    memory.all *= factor;
  },
});
