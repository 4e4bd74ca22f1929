import type { Update } from '../learn/learner.ts';
import { exp } from '../math/exp.ts';
import { requireWhole, requireWithin } from '../math/limits.ts';
import { log } from '../math/log.ts';
import type { Stateful } from '../stream/stateful.ts';
import { pushCost, type RecentCostMemory, recentCost, windowedCost } from './recent-cost.ts';

/** The costs of two learners for one and the same sample, or something else of the two. */
export interface CostPair<Value = number> {
  readonly champion: Value;
  readonly challenger: Value;
}

/** How two learners compare so far. Costs are J's: a positive difference favours the challenger. */
export interface Comparison {
  /** Pairs with two finite costs. */
  readonly count: number;
  /** The mean of what the champion's cost is above the challenger's; NaN before the first. */
  readonly difference: number;
  /** The same over the last while alone. */
  readonly recentDifference: number;
  /** The mean difference lies between these; infinite before the warm-up is over. */
  readonly low: number;
  /** The upper end of the interval. */
  readonly high: number;
  /** How sure it is that there is a difference at all: 0 to 1. */
  readonly confidence: number;
  /** Who is better, as soon as that is sure. */
  readonly better?: 'champion' | 'challenger';
}

/** A pair of updates that has been compared. */
export class Compared {
  /** The update of the learner that is in use. */
  readonly champion: Update;
  /** The update of the learner that may replace it. */
  readonly challenger: Update;
  readonly #comparison: CostComparison;
  readonly #memory: ComparisonMemory;

  constructor(pair: UpdatePair, compared: CostComparison, memory: ComparisonMemory) {
    this.champion = pair.champion;
    this.challenger = pair.challenger;
    this.#comparison = compared;
    this.#memory = memory;
  }

  /** The comparison as it is now: with this pair as the newest, when read as it arrives. */
  read(): Comparison {
    return this.#comparison.value(this.#memory);
  }
}

/** What two learners made of one sample. */
export interface UpdatePair {
  /** The update of the learner that is in use. */
  readonly champion: Update;
  /** The update of the learner that may replace it. */
  readonly challenger: Update;
}

/** Count, mean and Σ(d − mean)² of the differences d, and the newest of them. */
export type ComparisonMemory = {
  count: number;
  mean: number;
  spread: number;
  readonly recent: RecentCostMemory;
};

/** Options of {@link comparison}. */
export interface ComparisonOptions {
  /** The probability that the limits hold at every look there will ever be, in [0.5, 1). Default 0.95. */
  readonly confidence?: number;
  /** Pairs before it is sure of anything: 2 to 1,000,000. Default 100. */
  readonly warmup?: number;
  /** The number of pairs at which the limits are tightest: ≥ 1. Default 10,000. */
  readonly tightAt?: number;
  /** The number of pairs that the recent difference covers: 1 to 1,000,000. Default 1,000. */
  readonly window?: number;
}

/** Compares the costs of two learners; {@link compare} is a run of it. */
export interface CostComparison extends Stateful<ComparisonMemory, CostPair, void> {
  /** The difference of the mean costs. */
  value(memory: ComparisonMemory): Comparison;
}

/**
 * The mean difference of two learners' costs on one stream, with limits that may be looked at after
 * every sample and acted on at any moment: a test for a fixed number of samples, asked again and
 * again, would call chance a difference sooner or later.
 *
 * Asymptotic confidence sequences: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy and A. Ramdas,
 * "Time-uniform central limit theory and asymptotic confidence sequences", 2024:
 * mean ± s √(2 (tρ² + 1) / (tρ)² ln(√(tρ² + 1) / α)), for the running mean of what may change with
 * time, as Y. J. Choe and A. Ramdas compare forecasters ("Comparing sequential forecasters", 2023).
 */
export const comparison = ({
  confidence = 0.95,
  warmup = 100,
  tightAt = 10_000,
  window = 1000,
}: ComparisonOptions = {}): CostComparison => {
  requireWithin('confidence', confidence, [0.5, 1 - 1e-12]);
  requireWhole('warmup', warmup, [2, 1_000_000]);
  requireWhole('tightAt', tightAt, [1, Number.MAX_SAFE_INTEGER]);
  requireWhole('window', window, [1, 1_000_000]);
  const alpha = 1 - confidence;
  const surprise = -2 * log(alpha);
  const rho2 = (surprise + log(surprise) + 1) / tightAt;
  return {
    name: 'comparison',
    initial: () => ({ count: 0, mean: 0, spread: 0, recent: recentCost(window) }),
    update(memory, { champion, challenger }) {
      const difference = champion - challenger;
      if (!Number.isFinite(difference)) return;
      memory.count += 1;
      const away = difference - memory.mean;
      memory.mean += away / memory.count;
      memory.spread += away * (difference - memory.mean);
      pushCost(memory.recent, difference);
    },
    value(memory) {
      const { count, mean: difference, recent } = memory;
      const recentDifference = windowedCost(recent).mean;
      if (count < warmup) {
        const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
        const mean = count === 0 ? Number.NaN : difference;
        return { count, difference: mean, recentDifference, low, high, confidence: 0 };
      }
      const { margin, chance } = limits(memory, { alpha, rho2 });
      const [low, high] = [difference - margin, difference + margin];
      const known = { count, difference, recentDifference, low, high, confidence: 1 - chance };
      if (low > 0) return { ...known, better: 'challenger' };
      return high < 0 ? { ...known, better: 'champion' } : known;
    },
  };
};

/**
 * Half the width of the limits, and the least α whose limits would leave zero out: how likely chance
 * alone would ever show such a difference.
 */
const limits = (
  { count, mean, spread }: ComparisonMemory,
  { alpha, rho2 }: { alpha: number; rho2: number },
): { margin: number; chance: number } => {
  const variance = spread / count;
  const growth = count * rho2 + 1;
  const scale = (2 * growth) / (count * count * rho2);
  const margin = Math.sqrt(variance * scale * log(Math.sqrt(growth) / alpha));
  // Two learners that never differ leave nothing to tell from chance.
  const distance = mean === 0 ? 0 : (mean * mean) / (variance * scale);
  return { margin, chance: Math.min(1, Math.sqrt(growth) * exp(-distance)) };
};
