import { binned, type CalibrationMemory, type CalibrationOptions } from '../calibration.ts';
import type { Metric } from '../metric.ts';

/**
 * How far confidence is from accuracy: the mean over the bins of |confidence − accuracy|, weighted
 * by what is in them; 0 is honest. M. P. Naeini et al., "Obtaining well calibrated probabilities
 * using Bayesian binning", 2015.
 */
export const calibrationError = (options: CalibrationOptions = {}): Metric<CalibrationMemory> => ({
  ...binned(options),
  name: 'calibrationError',
  value({ all, right, confidence }) {
    let gap = 0;
    let sum = 0;
    for (let i = 0; i < all.length; i += 1) {
      gap += Math.abs(confidence[i]! - right[i]!);
      sum += all[i]!;
    }
    return gap / sum;
  },
});
