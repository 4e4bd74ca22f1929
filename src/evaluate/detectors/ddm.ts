import { requireAbove, requireWhole } from '../../math/limits.ts';
import { type Detector, requireRate } from '../detector.ts';

/** The rate of mistakes since the last alarm, and the least rate with its deviation. */
export type DdmMemory = { count: number; rate: number; leastRate: number; leastDeviation: number };

/** Options of {@link ddm}. */
export interface DdmOptions {
  /** Values before it may raise an alarm: a whole number from 1. Default 30. */
  readonly warmup?: number;
  /** Standard deviations above the least rate at which it warns. Default 2. */
  readonly warningAt?: number;
  /** Standard deviations above the least rate at which it raises the alarm. Default 3. */
  readonly alarmAt?: number;
}

/**
 * The drift detection method: raises the alarm when the rate of mistakes, p + s with
 * s² = p (1 − p) / n, has risen far above its minimum. It watches {@link mistakeOf}, and
 * sees rises only. J. Gama et al., "Learning with drift detection", 2004.
 */
export const ddm = ({
  warmup = 30,
  warningAt = 2,
  alarmAt = 3,
}: DdmOptions = {}): Detector<DdmMemory> => {
  requireWhole('warmup', warmup, [1, 1_000_000]);
  requireAbove('warningAt', warningAt, [0, Number.MAX_VALUE]);
  requireAbove('alarmAt', alarmAt, [0, Number.MAX_VALUE]);
  return {
    name: 'ddm',
    initial: fresh,
    update(memory, value) {
      requireRate('ddm', value);
      memory.count += 1;
      memory.rate += (value - memory.rate) / memory.count;
      if (memory.count <= warmup) return 'stable';
      const { rate, count } = memory;
      const deviation = Math.sqrt((rate * (1 - rate)) / count);
      if (rate + deviation <= memory.leastRate + memory.leastDeviation) {
        memory.leastRate = rate;
        memory.leastDeviation = deviation;
      }
      const above = rate + deviation - memory.leastRate;
      if (above <= warningAt * memory.leastDeviation) return 'stable';
      if (above <= alarmAt * memory.leastDeviation) return 'warning';
      Object.assign(memory, fresh());
      return 'alarm';
    },
  };
};

const fresh = (): DdmMemory => ({
  count: 0,
  rate: 0,
  // Above every rate, and finite: a checkpoint holds no other numbers.
  leastRate: Number.MAX_VALUE,
  leastDeviation: 0,
});
