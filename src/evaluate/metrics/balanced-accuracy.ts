import { type ClassCounts, countClasses, noClassCounts, scaleClasses } from '../class-counts.ts';
import type { Metric } from '../metric.ts';

/** The mean over the classes of the fraction of each that was predicted: a rare class counts as much. */
export const balancedAccuracy = (): Metric<ClassCounts> => ({
  name: 'balancedAccuracy',
  isOfClasses: true,
  initial: noClassCounts,
  update: countClasses,
  value({ truth, right }) {
    let sum = 0;
    let classes = 0;
    for (let i = 0; i < truth.length; i += 1) {
      if (truth[i] === 0) continue;
      sum += right[i]! / truth[i]!;
      classes += 1;
    }
    return sum / classes;
  },
  scale: scaleClasses,
});
