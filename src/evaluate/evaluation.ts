import type { Update } from '../learn/learner.ts';
import { areFinite } from '../math/finite.ts';
import { requireWhole } from '../math/limits.ts';
import type { Sample } from '../sources/sample.ts';
import type { Stateful } from '../stream/stateful.ts';
import { MeasureSet, type Memories } from './measure-set.ts';
import { type Measure, type Metrics, NO_CLASS, type Outcome, outcome } from './metric.ts';
import {
  pushCost,
  type RecentCostMemory,
  recentCost,
  type WindowedCost,
  windowedCost,
} from './recent-cost.ts';
import { addToSums, type CostSums, noSums, type TotalCost, totalOf } from './total-cost.ts';

/** The cost over all that was scored: sums, so that a mean between any two summaries is exact. */
export interface CostSummary extends TotalCost {
  /** The last while. */
  readonly windowed: WindowedCost;
}

/** All measures at one moment. A copy: it never changes. */
export interface Reading {
  /** J_total and the windowed cost. */
  readonly cost: CostSummary;
  /** Each metric by its name. One that is not defined yet is left out. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The same measures for "as last time": the target of the sample before as the prediction. */
  readonly baseline: Readonly<Record<string, number>>;
  /** Each table by its name, such as the confusion matrix. */
  readonly tables: Readonly<Record<string, unknown>>;
}

/** An update that has been scored. */
export interface Score extends Update {
  /** J_total with this sample in it. */
  readonly total: TotalCost;
  /**
   * All measures as they are now: with this sample as the newest, when read as it arrives. They are
   * computed when asked, which may be at any rate below the samples'.
   */
  read(): Reading;
}

/** All that an evaluation remembers. */
export type EvaluationMemory = {
  readonly total: CostSums;
  readonly recent: RecentCostMemory;
  readonly metrics: Memories;
  /** The same metrics, fed with the target before as the prediction. */
  readonly baseline: Memories;
  readonly tables: Memories;
  /** The target of the sample before, as numbers; empty where no metric looks at numbers. */
  last: Float64Array;
  /** The class that it stands for; −1 before the first. */
  lastClass: number;
};

/** Scores updates by metrics with names; {@link evaluate} is a run of it. */
export interface Evaluation extends Stateful<EvaluationMemory, Update, Score> {
  /** Takes an update into the measures, without a {@link Score} of it. */
  add(memory: EvaluationMemory, update: Update): void;
  /** All measures as they are now. */
  read(memory: EvaluationMemory): Reading;
}

/** Options of {@link evaluation}. */
export interface EvaluationOptions {
  /** Samples that the windowed cost looks back. Default 1,000; 1 to 1,000,000. */
  readonly window?: number;
  /** Measures that are more than a number, by name, such as `{ confusion: confusionMatrix() }`. */
  readonly tables?: Readonly<Record<string, Measure>>;
  /** The 0-based class that a prediction decides for. Default: that of its largest output. */
  readonly decide?: (prediction: ArrayLike<number>) => number;
}

/**
 * The scoring of updates by metrics, each given a name of its own: it compares what was predicted
 * before learning with what was true (prequential), and does the same for "as last time".
 *
 * Per sample it only adds to sums; what is read costs time when it is read.
 */
export const evaluation = (
  metrics: Metrics = {},
  { window = 1000, tables = {}, decide }: EvaluationOptions = {},
): Evaluation => {
  requireWhole('window', window, [1, 1_000_000]);
  const parts: Parts = {
    metrics: new MeasureSet<number | Group>(metrics),
    compared: new MeasureSet<number | Group>(
      Object.fromEntries(Object.entries(metrics).filter(([, metric]) => !metric.isComparison)),
    ),
    tables: new MeasureSet(tables),
    decide,
  };
  const part: Evaluation = {
    name: 'evaluation',
    initial: () => ({
      total: noSums(),
      recent: recentCost(window),
      metrics: parts.metrics.initial(),
      baseline: parts.compared.initial(),
      tables: parts.tables.initial(),
      last: new Float64Array(0),
      lastClass: none,
    }),
    update(memory, update) {
      score(parts, memory, update);
      return new ScoredUpdate(update, part, memory);
    },
    add: (memory, update) => score(parts, memory, update),
    read(memory) {
      return {
        cost: { ...totalOf(memory.total), windowed: windowedCost(memory.recent) },
        metrics: numbersOf(parts.metrics.values(memory.metrics)),
        baseline: numbersOf(parts.compared.values(memory.baseline)),
        tables: parts.tables.values(memory.tables),
      };
    },
  };
  return part;
};

/**
 * A class, since a closure for each sample would cost more than all the rest of the scoring; with the
 * sums as fields, since one more object would too.
 */
class ScoredUpdate implements Score {
  readonly step: number;
  readonly sample: Sample;
  readonly prediction: ArrayLike<number>;
  readonly cost: number;
  readonly #count: number;
  readonly #sum: number;
  readonly #sumSquares: number;
  readonly #nonFinite: number;
  readonly #evaluation: Evaluation;
  readonly #memory: EvaluationMemory;

  constructor(update: Update, evaluation: Evaluation, memory: EvaluationMemory) {
    this.step = update.step;
    this.sample = update.sample;
    this.prediction = update.prediction;
    this.cost = update.cost;
    const { total } = memory;
    this.#count = total.count;
    this.#sum = total.sum;
    this.#sumSquares = total.sumSquares;
    this.#nonFinite = total.nonFinite;
    this.#evaluation = evaluation;
    this.#memory = memory;
  }

  get total(): TotalCost {
    return totalOf({
      count: this.#count,
      sum: this.#sum,
      sumSquares: this.#sumSquares,
      nonFinite: this.#nonFinite,
    });
  }

  read(): Reading {
    return this.#evaluation.read(this.#memory);
  }
}

/** No class: before the first target. */
const none = -1;

type Group = Readonly<Record<string, number>>;

interface Parts {
  readonly metrics: MeasureSet<number | Group>;
  /** Those of the metrics that have a baseline. */
  readonly compared: MeasureSet<number | Group>;
  readonly tables: MeasureSet<unknown>;
  readonly decide: EvaluationOptions['decide'];
}

/** Numbers by name, those of groups among the others. One that is not defined is left out. */
const numbersOf = (values: Record<string, number | Group>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(values)
      .flatMap(([name, value]) =>
        typeof value === 'number' ? [[name, value] as const] : Object.entries(value),
      )
      .filter(([, value]) => Number.isFinite(value)),
  );

const score = (parts: Parts, memory: EvaluationMemory, update: Update): void => {
  const { sample, prediction, cost } = update;
  const { y, weight = 1 } = sample;
  if (y === undefined) return;
  addToSums(memory.total, cost);
  // A J that is not finite may come from a prediction that is not: it would stay in every sum.
  if (Number.isFinite(cost)) pushCost(memory.recent, cost);
  else if (!areFinite(prediction)) return;
  if (parts.metrics.isEmpty && parts.tables.isEmpty) return;
  const compared = outcome(prediction, y, weight);
  const seen = parts.decide === undefined ? compared : decided(compared, prediction, parts.decide);
  parts.metrics.update(memory.metrics, seen);
  parts.tables.update(memory.tables, seen);
  if (parts.compared.isEmpty) return;
  if (hasLast(parts, memory)) parts.compared.update(memory.baseline, asLastTime(memory, seen));
  if (!parts.compared.isOfClasses) memory.last = remember(memory.last, y);
  memory.lastClass = seen.trueClass;
};

const decided = (
  seen: Outcome,
  prediction: ArrayLike<number>,
  decide: (prediction: ArrayLike<number>) => number,
): Outcome =>
  seen.predictedClass === NO_CLASS ? seen : { ...seen, predictedClass: decide(prediction) };

/** A memory of class metrics alone has no numbers for others that were added since. */
const hasLast = ({ compared }: Parts, { last, lastClass }: EvaluationMemory): boolean =>
  compared.isOfClasses ? lastClass !== none : last.length > 0;

/** Where a new class has come, the target before lacks its place. */
const asLastTime = (
  { last, lastClass }: EvaluationMemory,
  { y, weight, trueClass }: Outcome,
): Outcome => ({
  prediction: last.length === y.length || last.length === 0 ? last : resized(last, y.length),
  y,
  weight,
  predictedClass: lastClass,
  trueClass,
});

const resized = (values: Float64Array, length: number): Float64Array => {
  const out = new Float64Array(length);
  out.set(values.subarray(0, length));
  return out;
};

const remember = (last: Float64Array, y: ArrayLike<number>): Float64Array => {
  if (last.length !== y.length) return Float64Array.from(y);
  for (let i = 0; i < y.length; i += 1) last[i] = y[i]!;
  return last;
};
