import { requireWhole } from '../../math/limits.ts';
import { scaleAll } from '../class-counts.ts';
import type { Metric, Outcome } from '../metric.ts';

/** Weights by score: of class 1, and of class 0. */
interface Scores {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/** Weights by score, in bins of equal width over [0, 1]; and whether no third class was seen. */
export type RocAucMemory = {
  positive: Float64Array;
  negative: Float64Array;
  isBinary: boolean;
};

/** Options of {@link rocAuc}. */
export interface RocAucOptions {
  /** Scores nearer than 1 / bins count as ties. Default 1,000; 2 to 100,000. */
  readonly bins?: number;
}

/**
 * The area under the ROC curve of two classes: the chance that a sample of class 1 scores higher
 * than one of class 0, ties counted half. The score is the output for class 1.
 *
 * Over a stream scores are gathered in bins, so that memory is bounded; the error is at most half
 * the chance that two scores fall into one bin. In a window it is exact. With more than two classes
 * it is not defined.
 */
export const rocAuc = ({ bins = 1000 }: RocAucOptions = {}): Metric<RocAucMemory> => {
  requireWhole('bins', bins, [2, 100_000]);
  return {
    name: 'rocAuc',
    initial: () => ({
      positive: new Float64Array(bins),
      negative: new Float64Array(bins),
      isBinary: true,
    }),
    update(memory, outcome) {
      memory.isBinary &&= isBinary(outcome);
      const { positive, negative } = memory;
      const { prediction, trueClass, weight } = outcome;
      const bin = Math.min(Math.max(Math.floor(scoreOf(prediction) * bins), 0), bins - 1);
      const counts = trueClass === 1 ? positive : negative;
      counts[bin]! += weight;
    },
    value: (memory) => (memory.isBinary ? areaOf(memory) : Number.NaN),
    scale({ positive, negative }, factor) {
      scaleAll(positive, factor);
      scaleAll(negative, factor);
    },
    exact: (outcomes) => (outcomes.every(isBinary) ? areaOf(ranked(outcomes)) : Number.NaN),
  };
};

const isBinary = ({ prediction, y }: Outcome): boolean => prediction.length <= 2 && y.length <= 2;

const scoreOf = (prediction: ArrayLike<number>): number => prediction[prediction.length - 1]!;

/** The pairs in which class 1 scores higher, ties half, over all pairs. */
const areaOf = ({ positive, negative }: Scores): number => {
  let pairs = 0;
  let below = 0;
  let all = 0;
  for (let i = 0; i < positive.length; i += 1) {
    pairs += positive[i]! * (below + negative[i]! / 2);
    below += negative[i]!;
    all += positive[i]!;
  }
  return pairs / (all * below);
};

/** One bin for each score that occurs, in order. */
const ranked = (outcomes: readonly Outcome[]): Scores => {
  // A typed array sorts NaN to the end; by a comparison that gives NaN each engine sorts in its own way.
  const scores = [...Float64Array.from(new Set(outcomes.map((o) => scoreOf(o.prediction)))).sort()];
  const ranks = new Map(scores.map((score, rank) => [score, rank]));
  const positive = new Float64Array(scores.length);
  const negative = new Float64Array(scores.length);
  for (const { prediction, trueClass, weight } of outcomes) {
    const counts = trueClass === 1 ? positive : negative;
    counts[ranks.get(scoreOf(prediction))!]! += weight;
  }
  return { positive, negative };
};
