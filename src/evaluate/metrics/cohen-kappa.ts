import {
  type ClassCounts,
  countClasses,
  noClassCounts,
  scaleClasses,
  sumOf,
} from '../class-counts.ts';
import type { Metric } from '../metric.ts';

/**
 * Agreement beyond chance, κ = (p_o − p_e) / (1 − p_e), where chance draws classes as often as they
 * were true and were predicted. J. Cohen, "A coefficient of agreement for nominal scales", 1960.
 */
export const cohenKappa = (): Metric<ClassCounts> => ({
  name: 'cohenKappa',
  isOfClasses: true,
  initial: noClassCounts,
  update: countClasses,
  value({ truth, predicted, right }) {
    const all = sumOf(truth);
    let byChance = 0;
    for (let i = 0; i < truth.length; i += 1) byChance += (truth[i]! / all) * (predicted[i]! / all);
    return (sumOf(right) / all - byChance) / (1 - byChance);
  },
  scale: scaleClasses,
});
