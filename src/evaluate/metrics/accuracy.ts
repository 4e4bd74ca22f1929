import { addToMean, type MeanMemory, mean } from '../mean.ts';
import type { Metric } from '../metric.ts';

/** The fraction of samples whose class was predicted. */
export const accuracy = (): Metric<MeanMemory> => ({
  ...mean,
  name: 'accuracy',
  isOfClasses: true,
  update(memory, { predictedClass, trueClass, weight }) {
    addToMean(memory, predictedClass === trueClass ? 1 : 0, weight);
  },
});
