import { map, merge, type Observable, type OperatorFunction } from 'rxjs';
import type { Example } from '../sources/example.ts';
import type { Sample } from '../sources/sample.ts';
import { type RunOptions, run } from '../stream/run.ts';
import type { Applicable } from '../stream/stateful.ts';
import { type EncoderMemory, type EncoderOptions, encoder } from './encoder.ts';
import { type FadingMeansMemory, type FadingMeansOptions, fadingMeans } from './fading-means.ts';
import { type LagMemory, type LagOptions, lags } from './lags.ts';
import {
  type Label,
  type LabelEvent,
  type LateLabelsMemory,
  type LateLabelsOptions,
  lateLabels,
} from './late-labels.ts';
import { type MovingMeansMemory, type MovingMeansOptions, movingMeans } from './moving-means.ts';
import { type ScalerMemory, type ScalerOptions, scaler } from './standardise.ts';

/** Makes x its own target, for a learner that is to give back its input. It remembers nothing. */
export const ownTarget = (): Applicable<null, Sample, Sample> => {
  const apply = (_memory: null, sample: Sample): Sample => ({ ...sample, y: sample.x });
  return { name: 'ownTarget', initial: () => null, apply, update: apply };
};

/** Turns records into vectors: an {@link encoder} run over a stream. */
export const encode = (
  options: EncoderOptions & RunOptions<EncoderMemory> = {},
): OperatorFunction<Example, Sample> => run(encoder(options), options);

/** Makes features comparable: a {@link scaler} run over a stream. */
export const standardise = (
  options: ScalerOptions & RunOptions<ScalerMemory> = {},
): OperatorFunction<Sample, Sample> => run(scaler(options), options);

/** Makes x its own target, as an autoencoder needs it: {@link ownTarget} run over a stream. */
export const targetItself = (): OperatorFunction<Sample, Sample> => run(ownTarget());

/** Adds what was, as features: {@link lags} run over a stream. */
export const lag = (
  options: LagOptions & RunOptions<LagMemory>,
): OperatorFunction<Example, Example> => run(lags(options), options);

/** Adds the mean of the last values, as features: {@link movingMeans} run over a stream. */
export const movingAverage = (
  options: MovingMeansOptions & RunOptions<MovingMeansMemory>,
): OperatorFunction<Example, Example> => run(movingMeans(options), options);

/** Adds exponentially weighted means, as features: {@link fadingMeans} run over a stream. */
export const exponentialAverage = (
  options: FadingMeansOptions & RunOptions<FadingMeansMemory>,
): OperatorFunction<Example, Example> => run(fadingMeans(options), options);

/** Options of {@link joinLabels}. */
export interface JoinLabelsOptions extends LateLabelsOptions, RunOptions<LateLabelsMemory> {
  /**
   * Gives the time, in milliseconds, where an example or a label has none; `Date.now` is one.
   * Default: none, and `within` holds for examples with a time alone.
   */
  readonly clock?: () => number;
}

/**
 * Examples to predict as they come, and again with their targets as the labels come:
 * {@link lateLabels} run over two streams. It ends when both have ended. Lags and averages of
 * features belong before it, since each example passes twice behind it.
 */
export const joinLabels = (
  features: Observable<Example>,
  labels: Observable<Label>,
  options: JoinLabelsOptions = {},
): Observable<Example> => {
  const { clock } = options;
  const timed = <Value extends { readonly time?: number }>(value: Value): Value =>
    clock === undefined || value.time !== undefined ? value : { ...value, time: clock() };
  return merge(
    features.pipe(map((example): LabelEvent => ({ id: example.id, example: timed(example) }))),
    labels.pipe(map((label): LabelEvent => ({ id: label.id, label: timed(label) }))),
  ).pipe(run(lateLabels(options), options));
};
