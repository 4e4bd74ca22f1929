import type { EncoderOptions } from './encode/encoder.ts';
import type { Detector } from './evaluate/detector.ts';
import type { EvaluationOptions } from './evaluate/evaluation.ts';
import type { Metrics } from './evaluate/metric.ts';
import type { ClassWeights } from './learn/class-weights.ts';
import type { Learner, MemoryValue, Update } from './learn/learner.ts';
import type { Threshold } from './learn/named-prediction.ts';
import type { Snapshot, StreamEvent } from './snapshot/snapshot.ts';
import type { Example } from './sources/example.ts';
import type { Sample } from './sources/sample.ts';
import type { Rejection } from './stream/rejection.ts';
import type { Applicable } from './stream/stateful.ts';

/** Receives what the stream does: a broadcaster, or anything that shows it. */
export interface Audience {
  /** Receives each snapshot. `at` is when it was taken, in ms since the Unix epoch. Default: now. */
  publish(snapshot: Snapshot, at?: number): void;
  /** Receives something that happened, such as a drift. */
  event(event: StreamEvent): void;
  /** Receives each sample that was rejected. */
  reject(rejection: Rejection): void;
}

/** Scales samples between the encoder and the learner; a scaler, or nothing. */
export type Scaling = Applicable<MemoryValue, Sample, Sample>;

/** Adds to examples before the encoder sees them, such as what was before; or nothing. */
export type Preparation = Applicable<MemoryValue, Example, Example>;

/** Options of a {@link Pipeline}. */
export interface PipelineOptions extends EncoderOptions {
  /** Lags and averages: their memory is saved with all the rest, and `predict` uses them. */
  readonly preparation?: Preparation;
  /** It must be able to grow: names and classes appear as they come. */
  readonly learner: Learner;
  /** Default: none, for a learner that scales by itself. */
  readonly scaling?: Scaling;
  /** By the names under which they are shown. Default: none. */
  readonly metrics?: Metrics;
  /** Samples that the windowed cost looks back. Default 1,000. */
  readonly window?: number;
  /** Watches the cost and announces that it has changed. Default: ADWIN, for rises alone. */
  readonly detector?: Detector;
  /** Tables that {@link Pipeline.tables} reads, such as `{ confusion: confusionMatrix() }`. Default: none. */
  readonly tables?: EvaluationOptions['tables'];
  /** How much the samples of each class count in learning. Default: all the same. */
  readonly classWeights?: ClassWeights;
  /** When one class is predicted and scored though another is likelier. Default: the likeliest is. */
  readonly threshold?: Threshold;
  /** Milliseconds between two snapshots. Default 33. */
  readonly everyMs?: number;
  /** Receives each update before it is scored: what was predicted before learning. Default: nobody. */
  readonly updates?: { next(update: Update): void };
  /** Default: nobody. */
  readonly audience?: Audience;
}
