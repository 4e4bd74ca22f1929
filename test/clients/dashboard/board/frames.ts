import type { CostFrame, EventEntry, MetricsFrame } from '../../../../src/client/index.ts';

/** A made-up cost frame after a number of samples with a mean J. */
export function costAt(
  step: number,
  { mean = 0.5, ...changes }: Partial<CostFrame> & { mean?: number } = {},
): CostFrame {
  const windowed = { n: Math.min(step, 1_000), mean, min: mean / 2, max: mean * 2 };
  return {
    t: 'cost',
    sid: 1,
    seq: step,
    prev: step - 1,
    step,
    at: 1_000_000 + step,
    n: step,
    sum: step * mean,
    sumSquares: step * mean * mean,
    windowed,
    nonFinite: 0,
    ...changes,
  };
}

/** A made-up metrics frame with an accuracy. */
export function metricsAt(step: number, accuracy: number): MetricsFrame {
  return {
    t: 'metrics',
    sid: 2,
    seq: step,
    prev: step - 1,
    step,
    at: 1_000_000 + step,
    samplesPerSecond: 500,
    lag: 0,
    dropped: 0,
    rejected: 0,
    metrics: { accuracy, 'accuracy.windowed': accuracy / 2 },
    baseline: { accuracy: 0.1 },
    layers: [],
    process: { rss: 1, eventLoopDelay: 1 },
    viewers: 1,
    subscribers: { live: 1, conflated: 0, lagged: 0 },
  };
}

/** A made-up event. */
export function eventAt(step: number, kind: EventEntry['kind'] = 'drift'): EventEntry {
  return {
    t: 'events',
    sid: 3,
    seq: step,
    at: 1_000_000 + step,
    step,
    kind,
    message: 'it happened',
  };
}
