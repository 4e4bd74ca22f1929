import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluation } from '../../src/evaluate/evaluation.ts';
import { mae, rmse } from '../../src/evaluate/metrics/index.ts';
import { regressionMetrics, threeWays } from '../../src/evaluate/standard-metrics.ts';
import type { Update } from '../../src/learn/learner.ts';

const size = 20;
const factor = 0.9;

/** A sum without rounding: every float64 of these tests is a whole multiple of 2^-1100. */
const exactly = (value: number): bigint => {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const whole = bits.getBigUint64(0);
  const exponent = (whole >> 52n) & 2047n;
  const fraction = whole & ((1n << 52n) - 1n);
  const mantissa = exponent === 0n ? fraction : fraction | (1n << 52n);
  const shifted = mantissa << ((exponent === 0n ? 1n : exponent) + 25n);
  return value < 0 ? -shifted : shifted;
};

const ratio = (above: bigint, below: bigint): number =>
  below === 0n ? Number.NaN : Number((above << 80n) / below) / 2 ** 80;

/** Σ weight × value / Σ weight, with exact products and sums. */
const exactMean = (values: readonly number[], weights: readonly number[]): number => {
  const above = values.reduce((sum, value, i) => sum + exactly(value) * exactly(weights[i]!), 0n);
  const below = weights.reduce((sum, weight) => sum + exactly(weight), 0n);
  // Above has the unit twice.
  return ratio(above, below * exactly(1));
};

const numbers = fc.oneof(
  fc.double({ min: -10, max: 10, noNaN: true }),
  fc.constantFrom(0, 1e15, -1e15, 1e-9, 20, 1e6, 1e15, -3),
);
const given = fc.array(
  fc.record({
    y: numbers,
    prediction: numbers,
    weight: fc.constantFrom(1, 1, 1, 0.5, 1e6, 1e-6),
  }),
  { minLength: 30, maxLength: 120 },
);

const close = (actual: number | undefined, expected: number, tolerance = 1e-12): void => {
  if (Number.isNaN(expected)) return;
  expect(Math.abs(actual! - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected) + 1e-300);
};

const updateOf = (
  sample: { y: number; prediction: number; weight: number },
  i: number,
): Update => ({
  step: i + 1,
  sample: { x: [0], y: [sample.y], weight: sample.weight },
  prediction: [sample.prediction],
  cost: (sample.y - sample.prediction) ** 2 / 2,
});

test('J_total and the metrics are those of exact arithmetic within 1e-12, whatever samples in range came', () => {
  const metrics = threeWays({ mae: mae(), rmse: rmse() }, { size, factor });
  fc.assert(
    fc.property(given, (samples) => {
      const part = evaluation(metrics, { window: size });
      const memory = part.initial();
      const updates = samples.map(updateOf);
      for (const update of updates) part.add(memory, update);
      const { cost, metrics: read } = part.read(memory);
      const costs = updates.map((update) => update.cost);
      const ones = costs.map(() => 1);
      close(cost.mean, exactMean(costs, ones));
      close(cost.windowed.mean, exactMean(costs.slice(-size), ones.slice(-size)));

      const errors = samples.map(({ y, prediction }) => Math.abs(y - prediction));
      const squares = errors.map((error) => error ** 2);
      const weights = samples.map(({ weight }) => weight);
      const faded = weights.map((weight, i) => {
        let share = weight;
        for (let k = i + 1; k < weights.length; k += 1) share *= factor;
        return share;
      });
      const ways = [
        ['', errors, weights],
        ['.windowed', errors.slice(-size), weights.slice(-size)],
        ['.fading', errors, faded],
      ] as const;
      for (const [way, , of] of ways) {
        const last = -of.length;
        close(read[`mae${way}`], exactMean(errors.slice(last), of));
        close(read[`rmse${way}`], Math.sqrt(exactMean(squares.slice(last), of)));
      }
    }),
    { numRuns: 60 },
  );
});

test('a target at the end of the range leaves a window without a trace, and fades from the rest', () => {
  const metrics = threeWays(regressionMetrics(), { size, factor });
  const after = (isOutlier: boolean): Readonly<Record<string, number>> => {
    const part = evaluation(metrics, { window: size });
    const memory = part.initial();
    for (let i = 0; i < 1500; i += 1) {
      const y = i === 5 && isOutlier ? 1e15 : Math.sin(i);
      part.add(memory, updateOf({ y, prediction: 0.5 * Math.sin(i), weight: 1 }, i));
    }
    const { metrics: read, cost } = part.read(memory);
    return { ...read, cost: cost.windowed.mean };
  };
  const [without, withOutlier] = [after(false), after(true)];
  for (const [name, value] of Object.entries(without)) {
    if (name.includes('.windowed') || name === 'cost') expect(withOutlier[name]).toBe(value);
    if (name.includes('.fading')) close(withOutlier[name], value, 1e-9);
  }
  expect(Object.keys(without)).toHaveLength(10);
});
