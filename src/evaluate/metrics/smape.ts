import { addToMean, type MeanMemory, mean } from '../mean.ts';
import type { Metric } from '../metric.ts';

/**
 * The symmetric relative error, the mean of 2 |y − h| / (|y| + |h|): 0 for a perfect prediction, at
 * most 2. Where both are zero it is 0. Over several outputs, their mean.
 */
export const smape = (): Metric<MeanMemory> => ({
  ...mean,
  name: 'smape',
  update(memory, { prediction, y, weight }) {
    let sum = 0;
    for (let i = 0; i < y.length; i += 1) {
      const size = Math.abs(y[i]!) + Math.abs(prediction[i]!);
      if (size > 0) sum += (2 * Math.abs(y[i]! - prediction[i]!)) / size;
    }
    addToMean(memory, sum / y.length, weight);
  },
});
