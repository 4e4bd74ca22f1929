import { type ClassCounts, countClasses, noClassCounts, scaleClasses } from '../class-counts.ts';
import type { Metric } from '../metric.ts';

/** The mean over the classes of F1 = 2 right / (true + predicted), over those that were either. */
export const macroF1 = (): Metric<ClassCounts> => ({
  name: 'macroF1',
  isOfClasses: true,
  initial: noClassCounts,
  update: countClasses,
  value({ truth, predicted, right }) {
    let sum = 0;
    let classes = 0;
    for (let i = 0; i < truth.length; i += 1) {
      const both = truth[i]! + predicted[i]!;
      if (both === 0) continue;
      sum += (2 * right[i]!) / both;
      classes += 1;
    }
    return sum / classes;
  },
  scale: scaleClasses,
});
