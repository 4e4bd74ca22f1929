import { requireAbove, requireWhole } from '../../math/limits.ts';
import type { Detector } from '../detector.ts';

/** The mean since the last alarm, and both sums of deviations with the turning point of each. */
export type PageHinkleyMemory = {
  count: number;
  mean: number;
  rise: number;
  lowestRise: number;
  fall: number;
  highestFall: number;
};

/** Options of {@link pageHinkley}. */
export interface PageHinkleyOptions {
  /** Values before it may raise an alarm: a whole number from 1. Default 30. */
  readonly warmup?: number;
  /** The change of the mean that is tolerated, in units of the values: ≥ 0. Default 0.005. */
  readonly delta?: number;
  /** λ: how far a sum may be from its turning point, in units of the values. Default 50. */
  readonly threshold?: number;
  /** What each sum keeps of itself from value to value: above 0, at most 1. Default 0.9999. */
  readonly alpha?: number;
  /** Which changes of the mean raise the alarm. Default `both`. */
  readonly direction?: 'rise' | 'both';
}

/**
 * The test of Page and Hinkley: raises the alarm when the values, summed as deviations from their
 * mean so far, have moved too far up or down. E. S. Page, "Continuous inspection schemes", 1954;
 * D. V. Hinkley, "Inference about the change-point from cumulative sum tests", 1971.
 */
export const pageHinkley = ({
  warmup = 30,
  delta = 0.005,
  threshold = 50,
  alpha = 0.9999,
  direction = 'both',
}: PageHinkleyOptions = {}): Detector<PageHinkleyMemory> => {
  requireWhole('warmup', warmup, [1, 1_000_000]);
  requireAbove('threshold', threshold, [0, Number.MAX_VALUE]);
  requireAbove('alpha', alpha, [0, 1]);
  if (!(delta >= 0)) throw new RangeError(`delta must be at least 0, not ${delta}`);
  return {
    name: 'pageHinkley',
    initial: fresh,
    update(memory, value) {
      memory.count += 1;
      memory.mean += (value - memory.mean) / memory.count;
      const deviation = value - memory.mean;
      memory.rise = alpha * memory.rise + deviation - delta;
      memory.fall = alpha * memory.fall + deviation + delta;
      memory.lowestRise = Math.min(memory.lowestRise, memory.rise);
      memory.highestFall = Math.max(memory.highestFall, memory.fall);
      const risen = memory.rise - memory.lowestRise;
      const fallen = direction === 'both' ? memory.highestFall - memory.fall : 0;
      if (memory.count < warmup || Math.max(risen, fallen) <= threshold) return 'stable';
      Object.assign(memory, fresh());
      return 'alarm';
    },
  };
};

const fresh = (): PageHinkleyMemory => ({
  count: 0,
  mean: 0,
  rise: 0,
  // Beyond every sum, and finite: a checkpoint holds no other numbers.
  lowestRise: Number.MAX_VALUE,
  fall: 0,
  highestFall: -Number.MAX_VALUE,
});
