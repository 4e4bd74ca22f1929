import type { Learner, Memory, Tensor } from '../learn/learner.ts';
import { costOf } from '../learn/prediction-cost.ts';
import { labelOf } from '../learn/targets.ts';
import { SampleError } from '../stream/rejection.ts';
import {
  type Comparison,
  type ComparisonMemory,
  type ComparisonOptions,
  type CostComparison,
  type CostPair,
  comparison,
} from './comparison.ts';
import { type Metric, type Outcome, outcome } from './metric.ts';

/** Options of a {@link Duel}. */
export interface DuelOptions extends ComparisonOptions {
  /**
   * The cost of a prediction, a finite number, by the same function for both. Default: the J that each
   * learner returns, which is fair only if both have the same loss.
   */
  readonly of?: (outcome: Outcome) => number;
}

/**
 * A champion and a challenger as one learner: both learn every sample, the champion alone answers,
 * and their costs are compared. So a new learner can be tried beside the one in use.
 */
export class Duel implements Learner {
  readonly #champion: Learner;
  readonly #challenger: Learner;
  readonly #of: ((outcome: Outcome) => number) | undefined;
  readonly #comparison: CostComparison;
  #memory: ComparisonMemory;
  /** Outputs when a sample was last learned: a class beyond them is new. */
  #known: number;

  /** Of the champion, where it has them. */
  readonly lastPrediction?: () => number[];
  readonly costOf?: (prediction: ArrayLike<number>, y: ArrayLike<number>) => number;
  readonly explain?: (x: ArrayLike<number>) => Float64Array;
  readonly tensors?: () => readonly Tensor[];
  /** Where both can. */
  readonly forget?: (inputs: readonly number[]) => void;

  /** Throws a RangeError where the two do not take the same samples. */
  constructor(champion: Learner, challenger: Learner, { of, ...options }: DuelOptions = {}) {
    for (const count of ['inputCount', 'outputCount'] as const) {
      if (champion[count] === challenger[count]) continue;
      const counts = `${champion[count]} and ${challenger[count]}`;
      throw new RangeError(`${count} of champion and challenger must be the same, not ${counts}`);
    }
    this.#champion = champion;
    this.#challenger = challenger;
    this.#of = of;
    this.#comparison = comparison(options);
    this.#known = champion.outputCount;
    this.#memory = this.#comparison.initial();
    if (champion.lastPrediction) this.lastPrediction = champion.lastPrediction.bind(champion);
    if (champion.costOf) this.costOf = champion.costOf.bind(champion);
    if (champion.explain) this.explain = champion.explain.bind(champion);
    if (champion.tensors) this.tensors = champion.tensors.bind(champion);
    if (champion.forget && challenger.forget)
      this.forget = (inputs) => {
        champion.forget!(inputs);
        challenger.forget!(inputs);
      };
  }

  get inputCount(): number {
    return this.#champion.inputCount;
  }

  get outputCount(): number {
    return this.#champion.outputCount;
  }

  /** What the champion says. */
  predict(x: ArrayLike<number>, out?: Float64Array): Float64Array {
    return this.#champion.predict(x, out);
  }

  /** Both learn. Returns the champion's J. What only the challenger refuses is not compared. */
  learn(x: ArrayLike<number>, y: ArrayLike<number>, weight = 1): number {
    const isNewClass = labelOf(y) >= this.#known;
    const answers = this.#of || isNewClass ? this.#answers(x) : undefined;
    const cost = this.#champion.learn(x, y, weight);
    this.#known = this.outputCount;
    try {
      const costs = { champion: cost, challenger: this.#challenger.learn(x, y, weight) };
      const pair = answers ? this.#costsOf(answers, y) : costs;
      this.#comparison.update(this.#memory, pair);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
    }
    return cost;
  }

  /** How the two compare so far. */
  comparison(): Comparison {
    return this.#comparison.value(this.#memory);
  }

  /** The comparison as metrics for `evaluate`: difference, its limits, and how sure it is. */
  metrics(): Readonly<Record<string, Metric>> {
    const read = (name: 'difference' | 'low' | 'high' | 'confidence'): Metric => ({
      name: `challenger.${name}`,
      initial: () => ({}),
      update() {},
      isComparison: true,
      value: () => this.comparison()[name],
    });
    const metrics = [read('difference'), read('low'), read('high'), read('confidence')];
    return Object.fromEntries(metrics.map((metric) => [metric.name, metric]));
  }

  save(): Memory {
    return {
      champion: this.#champion.save(),
      challenger: this.#challenger.save(),
      comparison: structuredClone(this.#memory),
    };
  }

  load(memory: Memory): void {
    const {
      champion,
      challenger,
      comparison: compared,
    } = structuredClone(memory) as {
      champion: Memory;
      challenger: Memory;
      comparison: ComparisonMemory;
    };
    this.#champion.load(champion);
    this.#challenger.load(challenger);
    this.#memory = compared;
    this.#known = this.outputCount;
  }

  /** Throws a TypeError where one of the two cannot grow. */
  grow(inputCount: number, outputCount: number): void {
    for (const learner of [this.#champion, this.#challenger]) {
      if (!learner.grow) throw new TypeError('champion and challenger must both be able to grow');
    }
    this.#champion.grow?.(inputCount, outputCount);
    this.#challenger.grow?.(inputCount, outputCount);
  }

  /** What both say, over the classes that were known before: both may have grown for this sample. */
  #answers(x: ArrayLike<number>): CostPair<Float64Array> {
    return {
      champion: this.#champion.predict(x).subarray(0, this.#known),
      challenger: this.#challenger.predict(x).subarray(0, this.#known),
    };
  }

  #costsOf({ champion, challenger }: CostPair<Float64Array>, y: ArrayLike<number>): CostPair {
    const of = this.#of;
    if (of) return { champion: of(outcome(champion, y)), challenger: of(outcome(challenger, y)) };
    return {
      champion: costOf(this.#champion, champion, y),
      challenger: costOf(this.#challenger, challenger, y),
    };
  }
}
