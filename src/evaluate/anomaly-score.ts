import type { Update } from '../learn/learner.ts';
import { normalTail } from '../math/normal.ts';
import { cubeRoot } from '../math/power.ts';
import type { Stateful } from '../stream/stateful.ts';

/** What an anomaly scorer remembers: the running distribution of the cube root of the cost. */
export type AnomalyMemory = { count: number; mean: number; variance: number };

/** An update with the score of its sample. */
export interface AnomalyScored extends Update {
  /**
   * How unusual the cost was: the chance that an ordinary sample costs less, 0 … 1. One minus it is
   * the tail probability. 0 while too little is known.
   */
  readonly anomaly: number;
}

/** Options of {@link anomalyScorer}. */
export interface AnomalyScorerOptions {
  /** Samples that the distribution looks back, fading: 10 … 1,000,000. Default 1,000. */
  readonly window?: number;
  /** Samples before the first score: while a learner is new, all is unusual. Default 200. */
  readonly warmUp?: number;
}

/** A sample counts as at most this many deviations out: an anomaly must not become ordinary. */
const DEVIATIONS_MAX = 3;

/**
 * Scores each sample by its cost against the running distribution of costs as it was before the
 * sample: the tail probability of a normal distribution (S. Ahmad and others, Unsupervised
 * real-time anomaly detection for streaming data, 2017), here of the cost's cube root, which is
 * nearly normal where the cost is a sum of squares (E. B. Wilson and M. M. Hilferty, 1931). Behind
 * an autoencoder the cost is the error of its reconstruction.
 */
export const anomalyScorer = ({
  window = 1_000,
  warmUp = 200,
}: AnomalyScorerOptions = {}): Stateful<AnomalyMemory, Update, AnomalyScored> => {
  if (!(window >= 10 && window <= 1_000_000))
    throw new RangeError(`window must be 10 to 1,000,000, not ${window}`);
  if (!(warmUp >= 2)) throw new RangeError(`warmUp must be at least 2, not ${warmUp}`);
  return {
    name: 'anomalyScorer',
    initial: () => ({ count: 0, mean: 0, variance: 0 }),
    update(memory, update) {
      const { count, mean, variance } = memory;
      const deviation = cubeRoot(update.cost) - mean;
      if (Number.isNaN(deviation)) return { ...update, anomaly: 0 };
      const spread = Math.sqrt(variance);
      const isKnown = count >= warmUp && spread > 0;
      learnDeviation(
        memory,
        isKnown ? bounded(deviation, DEVIATIONS_MAX * spread) : deviation,
        window,
      );
      return { ...update, anomaly: isKnown ? 1 - normalTail(deviation / spread) : 0 };
    },
  };
};

const learnDeviation = (memory: AnomalyMemory, deviation: number, window: number): void => {
  memory.count += 1;
  const rate = Math.max(1 / memory.count, 1 / window);
  memory.mean += rate * deviation;
  memory.variance = (1 - rate) * (memory.variance + rate * deviation * deviation);
};

const bounded = (value: number, limit: number): number => Math.min(Math.max(value, -limit), limit);
