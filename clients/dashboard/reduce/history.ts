import type { History } from '../../../src/client/index.ts';

/** A stretch of the past as the cost chart shows it. */
export interface PastCost {
  readonly step: number;
  readonly overall: number;
  readonly recent: number;
  readonly low: number;
  readonly high: number;
}

/** As many samples as the server's own windowed mean looks back, unless it was told otherwise. */
const WINDOW = 1_000;

/**
 * The means over everything and over the last while, from the means of stretches that lie end to
 * end from step 0: what the server would have said had we been there.
 */
export function withMeans(points: History['points']): PastCost[] {
  let [sum, windowSum, from, oldest] = [0, 0, 0, 0];
  const starts = points.map((_, index) => points[index - 1]?.[0] ?? 0);
  const sums = points.map(([step, mean], index) => (mean ?? 0) * (step - (starts[index] ?? 0)));
  return points.map(([step, , low, high], index) => {
    sum += sums[index] ?? 0;
    windowSum += sums[index] ?? 0;
    while (oldest < index && step - (points[oldest]?.[0] ?? 0) >= WINDOW) {
      windowSum -= sums[oldest] ?? 0;
      from = points[oldest]?.[0] ?? 0;
      oldest += 1;
    }
    const recent = windowSum / (step - from);
    return { step, overall: sum / step, recent, low: low ?? Number.NaN, high: high ?? Number.NaN };
  });
}
