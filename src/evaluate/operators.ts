import {
  filter,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
  scan,
  zipWith,
} from 'rxjs';
import type { Memory, Update } from '../learn/learner.ts';
import type { StreamEvent } from '../stream/event.ts';
import { type RunOptions, run } from '../stream/run.ts';
import type { Stateful } from '../stream/stateful.ts';
import {
  type AnomalyMemory,
  type AnomalyScored,
  type AnomalyScorerOptions,
  anomalyScorer,
} from './anomaly-score.ts';
import {
  Compared,
  type ComparisonMemory,
  type ComparisonOptions,
  comparison,
} from './comparison.ts';
import type { Detector } from './detector.ts';
import {
  type Evaluation,
  type EvaluationMemory,
  type EvaluationOptions,
  evaluation,
  type Score,
} from './evaluation.ts';
import {
  type FirstPredictionsMemory,
  type FirstPredictionsOptions,
  firstPredictions,
} from './first-predictions.ts';
import type { Metrics } from './metric.ts';
import { addUpdate, noCost, type TotalCost } from './total-cost.ts';

/** Options of {@link driftWatch}. */
interface DriftWatchOptions {
  /** What the detector watches of an update. A number that is not finite is left out. Default: J. */
  readonly of?: (update: Update) => number;
}

/** Lets a detector watch updates, and tells of each alarm as an event. Its memory is the detector's. */
const driftWatch = <M extends Memory>(
  detector: Detector<M>,
  { of = costOf }: DriftWatchOptions = {},
): Stateful<M, Update, StreamEvent | undefined> => ({
  name: `driftWatch(${detector.name})`,
  initial: () => detector.initial(),
  update(memory, update) {
    const value = of(update);
    if (!Number.isFinite(value) || detector.update(memory, value) !== 'alarm') return undefined;
    const { step } = update;
    const message = `${detector.name}: the stream has changed by sample ${step}`;
    return { kind: 'drift', step, message, detail: { detector: detector.name, value } };
  },
});

const costOf = ({ cost }: Update): number => cost;

/** Averages the cost: J_total after each update. `from` is the total to resume from. */
export const totalCost = (from: TotalCost = noCost): OperatorFunction<Update, TotalCost> =>
  scan(addUpdate, from);

/** Options of {@link evaluate}. */
export interface EvaluateOptions extends EvaluationOptions {
  /** The memory to resume with, changed in place. Default: a new one for each subscriber. */
  readonly memory?: EvaluationMemory;
}

/**
 * Scores each update by the prediction that was made before it was learned from. Metrics are given
 * by name, as in `evaluate({ accuracy: accuracy(), recent: windowed(accuracy(), { size: 500 }) })`.
 */
export const evaluate = (
  metrics: Metrics = {},
  { memory, ...options }: EvaluateOptions = {},
): OperatorFunction<Update, Score> =>
  run(evaluation(metrics, options), memory === undefined ? {} : { memory });

/**
 * Adds each update to an evaluation and emits it unchanged, for callers that read the measures from the
 * memory. A {@link Score} for each sample costs as much as the scoring. As in
 * `updates.pipe(measure(scoring, { memory }), snapshot(learner, { measures }))`, where `measures` read
 * `scoring.read(memory)`.
 */
export const measure = (
  scoring: Evaluation,
  options: RunOptions<EvaluationMemory> = {},
): MonoTypeOperatorFunction<Update> => {
  const part: Stateful<EvaluationMemory, Update, Update> = {
    name: scoring.name,
    initial: () => scoring.initial(),
    update(memory, update) {
      scoring.add(memory, update);
      return update;
    },
  };
  return run(part, options);
};

/** Options of {@link detectDrift}. */
export interface DetectDriftOptions<M> extends DriftWatchOptions {
  /** The detector's memory to resume with, changed in place. Default: a new one for each subscriber. */
  readonly memory?: M;
}

/** An event for each alarm of a detector that watches the cost, or what `of` takes from an update. */
export const detectDrift = <M extends Memory>(
  detector: Detector<M>,
  { memory, ...options }: DetectDriftOptions<M> = {},
): OperatorFunction<Update, StreamEvent> => {
  const watch = run(driftWatch(detector, options), memory === undefined ? {} : { memory });
  return (updates) =>
    updates.pipe(
      watch,
      filter((event) => event !== undefined),
    );
};

/** Options of {@link announceDrift}. */
export interface AnnounceDriftOptions<M> extends DetectDriftOptions<M> {
  /** Receives each alarm, before the update that raised it is emitted. */
  readonly drifted: { next(event: StreamEvent): void };
}

/** The same as {@link detectDrift} beside the stream: updates pass, and events go to `drifted`. */
export const announceDrift = <Value extends Update, M extends Memory>(
  detector: Detector<M>,
  { memory, drifted, ...options }: AnnounceDriftOptions<M>,
): MonoTypeOperatorFunction<Value> => {
  const watch = driftWatch(detector, options);
  const part: Stateful<M, Value, Value> = {
    name: watch.name,
    initial: () => watch.initial(),
    update(own, update) {
      const event = watch.update(own, update);
      if (event !== undefined) drifted.next(event);
      return update;
    },
  };
  return run(part, memory === undefined ? {} : { memory });
};

/** Scores late labels by what was predicted at the time: {@link firstPredictions} run over updates. */
export const recallPredictions = (
  options: FirstPredictionsOptions & RunOptions<FirstPredictionsMemory> = {},
): OperatorFunction<Update, Update> => run(firstPredictions(options), options);

/** Says of each update how unusual its cost was: {@link anomalyScorer} run over updates. */
export const anomalyScore = (
  options: AnomalyScorerOptions & RunOptions<AnomalyMemory> = {},
): OperatorFunction<Update, AnomalyScored> => run(anomalyScorer(options), options);

/** Options of {@link compare}. */
export interface CompareOptions extends ComparisonOptions {
  /** The cost of an update, a finite number, by the same function for both. Default: J. */
  readonly of?: (update: Update) => number;
}

/**
 * Compares the champion's updates with those of a challenger on the same samples, pair by pair:
 * `champions.pipe(compare(challengers))`, where both come from one shared stream of samples.
 */
export const compare = (
  challengers: Observable<Update>,
  { of = ({ cost }) => cost, ...options }: CompareOptions = {},
): OperatorFunction<Update, Compared> => {
  const part = comparison(options);
  const pairs: Stateful<ComparisonMemory, [Update, Update], Compared> = {
    name: 'compare',
    initial: () => part.initial(),
    update(memory, [champion, challenger]) {
      part.update(memory, { champion: of(champion), challenger: of(challenger) });
      return new Compared({ champion, challenger }, part, memory);
    },
  };
  return (champions) => champions.pipe(zipWith(challengers), run(pairs));
};
