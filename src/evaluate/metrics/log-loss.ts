import { log } from '../../math/log.ts';
import { addToMean, type MeanMemory, mean } from '../mean.ts';
import type { Metric } from '../metric.ts';
import { probabilityOf } from '../probability.ts';

/** What a smaller probability counts as, so that one certain mistake is dear but not infinite. */
const leastProbability = 1e-15;

/**
 * The mean of −ln p, p being the probability that was given to the true class. A baseline that is
 * always certain, such as "as last time", pays 34.5 for each mistake.
 */
export const logLoss = (): Metric<MeanMemory> => ({
  ...mean,
  name: 'logLoss',
  update(memory, { prediction, trueClass, weight }) {
    const probability = Math.max(probabilityOf(prediction, trueClass), leastProbability);
    addToMean(memory, -log(probability), weight);
  },
});
