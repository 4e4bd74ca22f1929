import { requireAbove, requireWhole } from '../../math/limits.ts';
import { log } from '../../math/log.ts';
import { wholePower } from '../../math/power.ts';
import { DEVIATION_MIN } from '../../math/running.ts';
import type { Detector } from '../detector.ts';
import { type ExponentialHistogram, emptyHistogram, insert } from '../exponential-histogram.ts';

/**
 * The window, and how many values have come since the last alarm. The first of them wait until they are
 * enough to tell an outlier.
 */
export type AdwinMemory = { window: ExponentialHistogram; seen: number; first?: number[] };

/** Options of {@link adwin}. */
export interface AdwinOptions {
  /** The probability of a false alarm at one look, in (0, 1]. Default 0.002. */
  readonly delta?: number;
  /** It looks at each clock-th value: a whole number from 1. Default 32. */
  readonly clock?: number;
  /** Buckets of one size before two become one: a whole number from 1. Default 5. */
  readonly bucketsMax?: number;
  /** The least width of either part of a cut: a whole number from 1. Default 5. */
  readonly partMin?: number;
  /** It does not look while the window holds at most this many values: ≥ 0. Default 10. */
  readonly gracePeriod?: number;
  /**
   * Which changes of the mean raise the alarm: all, or only those to larger values. A cost that falls
   * is learning, not drift; then the window is emptied without a word. Default `both`.
   */
  readonly direction?: 'both' | 'rise';
}

interface Limits {
  readonly delta: number;
  readonly partMin: number;
}

/**
 * ADWIN: keeps a window as long as no cut of it shows two parts with different means, and raises
 * the alarm when one does. A. Bifet and R. Gavaldà, "Learning from time-changing data with adaptive
 * windowing", 2007, with the bound of their equation 3.1 for values of any variance.
 *
 * A value far out is clipped ({@link winsorised}): the window forgets nothing before an alarm, so one
 * outlier would hide every later change.
 *
 * An alarm empties the window: kept in part, as the paper has it, what is left of the past raises
 * the alarm again and again for one and the same change.
 */
export const adwin = ({
  delta = 0.002,
  clock = 32,
  bucketsMax = 5,
  partMin = 5,
  gracePeriod = 10,
  direction = 'both',
}: AdwinOptions = {}): Detector<AdwinMemory> => {
  requireAbove('delta', delta, [0, 1]);
  requireWhole('clock', clock, [1, 1_000_000]);
  requireWhole('bucketsMax', bucketsMax, [1, 1000]);
  requireWhole('partMin', partMin, [1, 1_000_000]);
  requireWhole('gracePeriod', gracePeriod, [0, 1_000_000]);
  const limits = { delta, partMin };
  const firstLook = clock * (Math.floor(gracePeriod / clock) + 1);
  const firstCount = Math.min(firstLook, firstMax);
  return {
    name: 'adwin',
    initial: () => ({ window: emptyHistogram(), seen: 0, first: [] }),
    update(memory, value) {
      const { window } = memory;
      memory.seen += 1;
      if (memory.seen > firstCount) {
        insert(
          window,
          winsorised(value, window.total / window.width, deviationOf(window)),
          bucketsMax,
        );
      } else {
        memory.first ??= [];
        memory.first.push(value);
        if (memory.seen < firstCount) return 'stable';
        for (const each of allWinsorised(memory.first)) insert(window, each, bucketsMax);
        memory.first = [];
      }
      if (memory.seen % clock !== 0 || memory.window.width <= gracePeriod) return 'stable';
      const change = changeOf(memory.window, limits);
      if (change === 0) return 'stable';
      memory.window = emptyHistogram();
      memory.seen = 0;
      return direction === 'rise' && change < 0 ? 'stable' : 'alarm';
    },
  };
};

/** The number of first values that are collected before the first look. */
const firstMax = 32;

/** A value counts as at most this many deviations from the mean. */
const deviationsMax = 100;

/** If values have not varied, a value counts as at most this far from them. */
const stepMax = 1;

/** The value, or the farthest from the middle that is still taken. */
const winsorised = (value: number, middle: number, deviation: number): number => {
  const limit = deviation < DEVIATION_MIN ? stepMax : deviationsMax * deviation;
  return Math.min(middle + limit, Math.max(middle - limit, value));
};

const deviationOf = ({ spread, width }: ExponentialHistogram): number => Math.sqrt(spread / width);

/** By their median, and how far from it nine of ten lie: one in ten may be an outlier. */
const allWinsorised = (values: readonly number[]): number[] => {
  const middle = Float64Array.from(values).sort()[values.length >> 1]!;
  const distances = Float64Array.from(values, (value) => Math.abs(value - middle)).sort();
  const deviation = distances[Math.floor(0.9 * (values.length - 1))]!;
  return values.map((value) => winsorised(value, middle, deviation));
};

/** How much the mean has risen at the first cut that leaves two parts too different; 0: at none. */
const changeOf = (window: ExponentialHistogram, { delta, partMin }: Limits): number => {
  const { totals } = window;
  const limits = { partMin, confidence: log((2 * log(window.width)) / delta) };
  let size = wholePower(2, totals.length - 1);
  let old = 0;
  let oldTotal = 0;
  for (let row = totals.length - 1; row >= 0; row -= 1) {
    for (const total of totals[row]!) {
      old += size;
      oldTotal += total;
      const change = (window.total - oldTotal) / (window.width - old) - oldTotal / old;
      if (isCut(window, { old, change }, limits)) return change;
    }
    size /= 2;
  }
  return 0;
};

const isCut = (
  { width, spread }: ExponentialHistogram,
  { old, change }: { old: number; change: number },
  { confidence, partMin }: { confidence: number; partMin: number },
): boolean => {
  const recent = width - old;
  if (old < partMin || recent < partMin) return false;
  const reciprocals = 1 / (old - partMin + 1) + 1 / (recent - partMin + 1);
  const chance =
    Math.sqrt(2 * reciprocals * (spread / width) * confidence) + (2 / 3) * confidence * reciprocals;
  return Math.abs(change) > chance;
};
