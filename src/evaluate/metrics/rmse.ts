import { addToMean, type MeanMemory, mean } from '../mean.ts';
import type { Metric } from '../metric.ts';

/** The root of the mean of (y − h)²; over several outputs, the root of the mean over all of them. */
export const rmse = (): Metric<MeanMemory> => ({
  ...mean,
  name: 'rmse',
  update(memory, { prediction, y, weight }) {
    let sum = 0;
    for (let i = 0; i < y.length; i += 1) sum += (y[i]! - prediction[i]!) ** 2;
    addToMean(memory, sum / y.length, weight);
  },
  value: ({ sum, all }) => Math.sqrt(sum / all),
});
