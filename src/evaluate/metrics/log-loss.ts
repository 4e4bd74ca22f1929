import { logCost } from '../../learn/prediction-cost.ts';
import { addToMean, type MeanMemory, mean } from '../mean.ts';
import type { Metric } from '../metric.ts';
import { probabilityOf } from '../probability.ts';

/**
 * The mean of −ln p, p being the probability that was given to the true class. A baseline that is
 * always certain, such as "as last time", pays 34.5 for each mistake.
 */
export const logLoss = (): Metric<MeanMemory> => ({
  ...mean,
  name: 'logLoss',
  update(memory, outcome) {
    const { trueClass, weight } = outcome;
    addToMean(memory, logCost(probabilityOf(outcome, trueClass)), weight);
  },
});
