import type { Prediction, Snapshot } from '../snapshot/snapshot.ts';
import type { CostFrame, MetricsFrame, PredictionItem } from './topic-messages.ts';

/** JSON has no NaN and no infinity: they are null on the wire. */
export const finiteOrNull = (value: number): number | null =>
  Number.isFinite(value) ? value : null;

const measures = (values: Readonly<Record<string, number>>): Record<string, number | null> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, finiteOrNull(value)]));

/** The fields of a `cost` frame. */
export const describeCost = ({
  cost,
}: Snapshot): Pick<CostFrame, 'n' | 'sum' | 'sumSquares' | 'windowed' | 'nonFinite'> => ({
  n: cost.count,
  sum: cost.sum,
  sumSquares: cost.sumSquares,
  windowed: {
    n: cost.windowed.count,
    mean: finiteOrNull(cost.windowed.mean),
    min: finiteOrNull(cost.windowed.min),
    max: finiteOrNull(cost.windowed.max),
  },
  nonFinite: cost.nonFinite,
});

/** What the host of a broadcaster knows of the process. */
export interface Gauges {
  /** Samples that wait to be learned. */
  readonly lag: number;
  /** Samples dropped so far because a buffer was full. */
  readonly dropped: number;
  /** Resident bytes. */
  readonly rss: number;
  /** How late timers are, in ms. */
  readonly eventLoopDelay: number;
}

/** Of a host that knows nothing. */
export const noGauges = (): Gauges => ({ lag: 0, dropped: 0, rss: 0, eventLoopDelay: 0 });

/** What a `metrics` frame says beside the snapshot. */
export interface DescribeContext extends Gauges {
  readonly samplesPerSecond: number;
  readonly layers: MetricsFrame['layers'];
  readonly viewers: number;
  readonly subscribers: MetricsFrame['subscribers'];
}

/** The fields of a `metrics` frame. */
export const describeMetrics = (
  { metrics, baseline, rejected }: Snapshot,
  {
    samplesPerSecond,
    lag,
    dropped,
    layers,
    rss,
    eventLoopDelay,
    viewers,
    subscribers,
  }: DescribeContext,
): Omit<MetricsFrame, 't' | 'sid' | 'seq' | 'prev' | 'step' | 'at'> => ({
  samplesPerSecond,
  lag,
  dropped,
  rejected,
  metrics: measures(metrics),
  baseline: measures(baseline),
  layers,
  process: { rss, eventLoopDelay },
  viewers,
  subscribers,
});

const describePrediction = ({ step, id, x, y, prediction, cost }: Prediction): PredictionItem => ({
  step,
  ...(id === undefined ? {} : { id }),
  x: x.map(finiteOrNull),
  ...(y === undefined ? {} : { y: typeof y === 'number' ? finiteOrNull(y) : y }),
  prediction: prediction.map(finiteOrNull),
  cost: finiteOrNull(cost),
});

/** The fields of a `predictions` frame: the newest few. */
export const describePredictions = (
  { predictions, step }: Snapshot,
  itemsMax: number,
): { seen: number; items: PredictionItem[] } => ({
  seen: step,
  items: predictions.slice(-itemsMax).map(describePrediction),
});

/**
 * How each tensor is doing, and how far it moved between two snapshots, as a part of its own length:
 * ‖ΔW‖ / ‖W‖, the net way of all updates between the two.
 */
export const describeLayers = (
  { tensors, layers = [] }: Snapshot,
  before: Snapshot | undefined,
): MetricsFrame['layers'] => {
  const healthOf = new Map(layers.map((health) => [health.name, health]));
  return tensors.map(({ name, values }, index) => {
    const old = before?.tensors[index]?.values;
    const ratio = old?.length === values.length ? moved(old, values) : Number.NaN;
    const { gradientNorm, deadUnits } = healthOf.get(name) ?? {};
    return {
      name,
      updateRatio: finiteOrNull(ratio),
      ...(gradientNorm !== undefined && { gradientNorm: finiteOrNull(gradientNorm) }),
      ...(deadUnits !== undefined && { deadUnits }),
    };
  });
};

const moved = (before: ArrayLike<number>, after: ArrayLike<number>): number => {
  let change = 0;
  let length = 0;
  for (let i = 0; i < after.length; i += 1) {
    change += (after[i]! - before[i]!) ** 2;
    length += after[i]! ** 2;
  }
  return length === 0 ? 0 : Math.sqrt(change / length);
};
