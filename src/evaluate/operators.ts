import { type OperatorFunction, scan } from 'rxjs';
import type { Update } from '../learn/learner.ts';
import { run } from '../stream/run.ts';
import {
  type EvaluationMemory,
  type EvaluationOptions,
  evaluation,
  type Score,
} from './evaluation.ts';
import type { Metric } from './metric.ts';
import { addUpdate, noCost, type TotalCost } from './total-cost.ts';

/** Averages the cost: J_total after each update. Give it the total to go on from. */
export const totalCost = (from: TotalCost = noCost): OperatorFunction<Update, TotalCost> =>
  scan(addUpdate, from);

/** Options of {@link evaluate}. */
export interface EvaluateOptions extends EvaluationOptions {
  /** The memory to go on with, changed in place. Default: a new one for each subscriber. */
  readonly memory?: EvaluationMemory;
}

/**
 * Scores each update by the prediction that was made before it was learned from. Metrics are given
 * by name, as in `evaluate({ accuracy: accuracy(), recent: windowed(accuracy(), { size: 500 }) })`.
 */
export const evaluate = (
  metrics: Readonly<Record<string, Metric>> = {},
  { memory, ...options }: EvaluateOptions = {},
): OperatorFunction<Update, Score> =>
  run(evaluation(metrics, options), memory === undefined ? {} : { memory });
