import { Subject, type Subscription } from 'rxjs';
import {
  Busy,
  type FeedOutcome,
  type Model,
  type Observation,
  type Origin,
  type Predictions,
  type Row,
  type Steering,
} from '../../broadcast/model.ts';
import type { ModelDescription } from '../../broadcast/model-info.ts';
import { rememberLast } from '../../broadcast/producers.ts';
import type { Audience, Pipeline } from '../../pipeline.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import type { Example } from '../../sources/example.ts';
import type { StreamEvent } from '../../stream/event.ts';
import type { Governor } from '../../stream/governor.ts';
import { type Rejection, SampleError, withRaw } from '../../stream/rejection.ts';
import { describeSlots } from './describe-slots.ts';

/** What a {@link PipelineModel} stands between. */
export interface PipelineModelOptions {
  /** Who is told what the stream does. */
  readonly audience: Audience;
  /** The pipeline, once there is one. */
  readonly pipeline: () => Pipeline | undefined;
  /** What slows, stops and starts the source. */
  readonly governor: Governor;
  /** How far the producers had come whose numbers are continued. Default: there are none. */
  readonly producers?: ReadonlyMap<string, number>;
  /** Batches that were fed before. Default: none. */
  readonly fed?: { readonly batches: number } | undefined;
  /** Examples of the source that have been taken. Default: it is not counted. */
  readonly position?: () => number;
  /** Batches that are learned before others are taken. Default: none. */
  readonly replay?: FedReplay;
  /** Done when a checkpoint contains all that has been learned. Default: there are none. */
  readonly saved?: () => Promise<void>;
}

/** Batches that were fed before a restart, and are learned again before others are taken. */
export interface FedReplay {
  /** Whether all of them have been learned. */
  readonly isOver: boolean;
  /** `learn` learns one batch, at once. */
  connect(
    learn: (batch: { readonly samples: readonly Observation[]; readonly origin?: Origin }) => void,
  ): void;
}

/** How long somebody waits who came before the first rows did, in ms. */
const beginMs = 500;

/** A pipeline as a server asks of it: its examples come from a source, and from whoever feeds. */
export class PipelineModel implements Model, Audience {
  readonly producers: Map<string, number>;
  readonly saved?: () => Promise<void>;
  /** What is fed: to be learned among the examples of the source. */
  readonly fed = new Subject<Example>();
  /** When the training is to begin anew. */
  readonly resets = new Subject<void>();
  readonly #options: PipelineModelOptions;
  #batches: number;
  #refused: Rejection[] | undefined;
  /** The position of the sample that is being learned among all that were fed. */
  #fedIndex: number | undefined;
  #afterwards: Subscription | undefined;
  #description: ModelDescription = {};
  /** How many slots had other features when it was described. */
  #recycled = 0;

  constructor(options: PipelineModelOptions) {
    this.#options = options;
    this.producers = new Map(options.producers);
    this.#batches = options.fed?.batches ?? 0;
    options.replay?.connect(({ samples, origin }) => void this.#take(samples, origin));
    if (options.saved) this.saved = options.saved;
  }

  /** What goes in and comes out; the same object until there is more of it. */
  get description(): ModelDescription {
    const pipeline = this.#options.pipeline();
    if (!pipeline) return this.#description;
    const { slots, classes } = pipeline;
    const [inputs, outputs] = [slots.length, classes?.length ?? 1];
    const { inputs: knownInputs, outputs: knownOutputs } = this.#description;
    const { recycled } = pipeline;
    const isSame = inputs === knownInputs && outputs === knownOutputs;
    if (!isSame || recycled !== this.#recycled) {
      this.#recycled = recycled;
      this.#description = { features: describeSlots(slots), inputs, outputs };
    }
    return this.#description;
  }

  publish(snapshot: Snapshot): void {
    this.#options.audience.publish(snapshot);
  }

  event(event: StreamEvent): void {
    this.#options.audience.event(event);
  }

  reject(rejection: Rejection): void {
    if (!this.#refused) {
      this.#options.audience.reject(rejection);
      return;
    }
    this.#refused.push(rejection);
    // Stages count what came to each of them; what was fed has a position of its own.
    const index = this.#fedIndex ?? rejection.index;
    this.#options.audience.reject(withRaw({ ...rejection, index }, rejection.raw));
  }

  predict(rows: readonly Row[]): Predictions {
    const pipeline = this.#pipeline();
    const y = rows.map((row) => pipeline.predict({ features: featuresOf(row, pipeline) }));
    const { classes, step } = pipeline;
    if (!classes) return { y, step };
    return { y, step, labels: y.map((outputs) => classes[largest(outputs)] ?? '') };
  }

  /** Batches that were fed, and examples of the source that were taken, in all. */
  get fedSoFar(): { readonly batches: number; readonly examples: number } {
    return { batches: this.#batches, examples: this.#options.position?.() ?? 0 };
  }

  feed(samples: readonly Observation[], origin?: Origin): FeedOutcome {
    if (this.#options.replay?.isOver === false) {
      throw new Busy('samples that were fed before a restart are learned first', beginMs);
    }
    return this.#take(samples, origin);
  }

  #take(samples: readonly Observation[], origin?: Origin): FeedOutcome {
    const pipeline = this.#pipeline();
    this.#runAfterwards(pipeline);
    const rejected: FeedOutcome['rejected'][number][] = [];
    for (const [i, sample] of samples.entries()) {
      for (const { code, reason } of this.#learn(sample, pipeline)) {
        rejected.push({ i, code, message: reason });
      }
    }
    if (origin) rememberLast(this.producers, origin.producer, origin.upTo);
    this.#batches += 1;
    const { batches: batch, examples } = this.fedSoFar;
    return { step: pipeline.step, rejected, mark: { batch, examples } };
  }

  steer(steering: Steering): void {
    const { governor } = this.#options;
    if (steering.op === 'pause') governor.pause();
    else if (steering.op === 'resume') governor.resume();
    else if (steering.op === 'rate') governor.limit(steering.perSecond ?? Number.POSITIVE_INFINITY);
    else this.resets.next();
  }

  /** Takes nothing any more. */
  stop(): void {
    this.fed.complete();
    this.#afterwards?.unsubscribe();
  }

  #pipeline(): Pipeline {
    const pipeline = this.#options.pipeline();
    if (!pipeline) throw new Busy('there is no model yet: its source has not given a row', beginMs);
    return pipeline;
  }

  /** What the stages refuse of one sample: all of them run before `next` returns. */
  #learn(sample: Observation, pipeline: Pipeline): Rejection[] {
    const refused: Rejection[] = [];
    this.#refused = refused;
    this.#fedIndex = sample.index;
    try {
      this.fed.next(exampleOf(sample, pipeline));
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      pipeline.reject(error.at(0, sample));
    } finally {
      this.#refused = undefined;
    }
    return refused;
  }

  /** Where the source has ended, what is fed goes on alone. */
  #runAfterwards(pipeline: Pipeline): void {
    if (this.fed.observed || this.fed.closed) return;
    this.#afterwards = pipeline.run(this.fed).subscribe({
      error: ({ message }: Error) => this.event({ kind: 'error', step: pipeline.step, message }),
    });
  }
}

/** A vector is a record whose features are the numbers that the pipeline knows, in its order. */
const featuresOf = (row: Row, { slots }: Pipeline): Readonly<Record<string, unknown>> => {
  if ('features' in row) return row.features;
  if (slots.some(({ kind }) => kind !== 'number')) {
    throw new SampleError('shape', 'this model knows features that are no numbers: send records');
  }
  if (row.x.length !== slots.length) {
    throw new SampleError('shape', `expected ${slots.length} numbers, got ${row.x.length}`);
  }
  return Object.fromEntries(slots.map(({ feature }, i) => [feature, missingOr(row.x[i]!)]));
};

const missingOr = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);

const exampleOf = (sample: Observation, pipeline: Pipeline): Example => {
  const { id, time, weight } = sample;
  return {
    features: featuresOf(sample, pipeline),
    target: 'y' in sample ? targetOf(sample.y, pipeline) : sample.target,
    ...(id === undefined ? {} : { id }),
    ...(time === undefined ? {} : { time }),
    ...(weight === undefined ? {} : { weight }),
  };
};

const targetOf = (y: readonly number[], { classes }: Pipeline): number | string => {
  const expected = classes ? classes.length : 1;
  if (y.length === expected) return classes ? classes[largest(y)]! : y[0]!;
  throw new SampleError('shape', `expected ${expected} target numbers, got ${y.length}`);
};

const largest = (values: ArrayLike<number>): number => {
  let best = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! > values[best]!) best = i;
  return best;
};
