import { addToMean, type MeanMemory, mean } from '../mean.ts';
import type { Metric } from '../metric.ts';

/** The mean absolute error, the mean of |y − h|; over several outputs, their mean. */
export const mae = (): Metric<MeanMemory> => ({
  ...mean,
  name: 'mae',
  update(memory, { prediction, y, weight }) {
    let sum = 0;
    for (let i = 0; i < y.length; i += 1) sum += Math.abs(y[i]! - prediction[i]!);
    addToMean(memory, sum / y.length, weight);
  },
});
