import type { Metric } from '../metric.ts';

/** Σ weight; and of each output the mean of y, Σ weight (y − mean)², Σ weight (y − h)². */
export type R2Memory = {
  all: number;
  mean: Float64Array;
  spread: Float64Array;
  residual: Float64Array;
};

/**
 * The part of the target's spread that is predicted, R² = 1 − Σ(y − h)² / Σ(y − ȳ)²; over several
 * outputs, their mean. ȳ is the mean of the very samples that are measured, kept as B. P. Welford
 * does (1962), so that a large offset of the target costs no digits.
 */
export const r2 = (): Metric<R2Memory> => ({
  name: 'r2',
  initial: () => ({
    all: 0,
    mean: new Float64Array(0),
    spread: new Float64Array(0),
    residual: new Float64Array(0),
  }),
  update(memory, { prediction, y, weight }) {
    if (memory.mean.length < y.length) widen(memory, y.length);
    const { mean, spread, residual } = memory;
    memory.all += weight;
    const share = memory.all === 0 ? 0 : weight / memory.all;
    for (let i = 0; i < y.length; i += 1) {
      const away = y[i]! - mean[i]!;
      mean[i]! += share * away;
      spread[i]! += weight * away * (y[i]! - mean[i]!);
      residual[i]! += weight * (y[i]! - prediction[i]!) ** 2;
    }
  },
  value({ spread, residual }) {
    let sum = 0;
    for (let i = 0; i < spread.length; i += 1) sum += 1 - residual[i]! / spread[i]!;
    return sum / spread.length;
  },
  scale(memory, factor) {
    memory.all *= factor;
    for (let i = 0; i < memory.spread.length; i += 1) {
      memory.spread[i]! *= factor;
      memory.residual[i]! *= factor;
    }
  },
});

const widen = (memory: R2Memory, outputs: number): void => {
  for (const name of ['mean', 'spread', 'residual'] as const) {
    const wider = new Float64Array(outputs);
    wider.set(memory[name]);
    memory[name] = wider;
  }
};
