import { requireAbove } from '../../math/limits.ts';
import { log } from '../../math/log.ts';
import { type Detector, requireRate } from '../detector.ts';

/** A mean, and of how many values. */
type Average = { count: number; mean: number };

/** The mean since the last alarm, and at the values at which it was surely lowest and highest. */
export type HddmAMemory = { all: Average; low: Average; high: Average };

/** Options of {@link hddmA}. */
export interface HddmAOptions {
  /** The accepted probability of a false alarm at each value, in (0, 1]. Default 0.001. */
  readonly alarmConfidence?: number;
  /** The accepted probability of a false warning at each value, in (0, 1]. Default 0.005. */
  readonly warningConfidence?: number;
  /** Which changes of the mean it looks for. Default `rise`. */
  readonly direction?: 'rise' | 'both';
}

/**
 * HDDM with averages: compares the mean so far with the part of the past in which it was surely
 * lowest, by Hoeffding's bound, which asks nothing of the distribution but values from 0 to 1.
 * I. Frías-Blanco et al., "Online and non-parametric drift detection methods based on Hoeffding's
 * bounds", 2015, the A-test.
 */
export const hddmA = ({
  alarmConfidence = 0.001,
  warningConfidence = 0.005,
  direction = 'rise',
}: HddmAOptions = {}): Detector<HddmAMemory> => {
  requireAbove('alarmConfidence', alarmConfidence, [0, 1]);
  requireAbove('warningConfidence', warningConfidence, [0, 1]);
  const movedBeyond = (memory: HddmAMemory, confidence: number): boolean =>
    rose(memory, confidence) || (direction === 'both' && fell(memory, confidence));
  return {
    name: 'hddmA',
    initial: fresh,
    update(memory, value) {
      requireRate('hddmA', value);
      memory.all.count += 1;
      memory.all.mean += (value - memory.all.mean) / memory.all.count;
      moveCuts(memory, alarmConfidence);
      if (movedBeyond(memory, alarmConfidence)) {
        Object.assign(memory, fresh());
        return 'alarm';
      }
      return movedBeyond(memory, warningConfidence) ? 'warning' : 'stable';
    },
  };
};

const fresh = (): HddmAMemory => ({
  all: { count: 0, mean: 0 },
  low: { count: 0, mean: 0 },
  high: { count: 0, mean: 0 },
});

/** How far a mean of `count` values may be from the truth: infinite of none. */
const hoeffding = (count: number, confidence: number): number =>
  Math.sqrt(log(1 / confidence) / (2 * count));

const moveCuts = ({ all, low, high }: HddmAMemory, confidence: number): void => {
  const bound = hoeffding(all.count, confidence);
  if (all.mean + bound <= low.mean + hoeffding(low.count, confidence)) Object.assign(low, all);
  if (all.mean - bound >= high.mean - hoeffding(high.count, confidence)) Object.assign(high, all);
};

/** How far the mean of all may be from the mean of its first part, when both are of one kind. */
const boundBetween = (all: Average, part: Average, confidence: number): number => {
  const share = (all.count - part.count) / (part.count * all.count);
  return Math.sqrt((share / 2) * log(2 / confidence));
};

const rose = ({ all, low }: HddmAMemory, confidence: number): boolean =>
  low.count < all.count && all.mean - low.mean >= boundBetween(all, low, confidence);

const fell = ({ all, high }: HddmAMemory, confidence: number): boolean =>
  high.count < all.count && high.mean - all.mean >= boundBetween(all, high, confidence);
