import type {
  FeedOutcome,
  Model,
  Observation,
  Origin,
  Predictions,
  Row,
  RowAnswers,
  Steering,
} from '../../broadcast/model.ts';
import type { ModelDescription } from '../../broadcast/model-info.ts';
import { rememberLast } from '../../broadcast/producers.ts';
import { RequestError } from '../../broadcast/request-error.ts';
import type { Slot } from '../../encode/slots.ts';
import type { Pipeline } from '../../pipeline.ts';
import type { FreezeOptions, FrozenModel } from '../../snapshot/frozen-model.ts';
import type { Example } from '../../sources/example.ts';
import { Governor } from '../../stream/governor.ts';
import { type Rejection, SampleError } from '../../stream/rejection.ts';
import { largest, recordOf } from './row-features.ts';
import { rowQuestions } from './row-questions.ts';

const kinds = { number: 'number', value: 'category', hash: 'category', cycle: 'time' } as const;

/** The features that have slots, each with the kind that it was first seen as. */
export const describeSlots = (slots: readonly Slot[]): ModelDescription['features'] & object => {
  const features = new Map<string, (typeof kinds)[keyof typeof kinds]>();
  for (const { feature, kind } of slots) {
    // Those that share what overflows have no slot that is theirs.
    if (kind !== 'overflow' && !features.has(feature)) features.set(feature, kinds[kind]);
  }
  return Array.from(features, ([name, kind]) => ({ name, kind }));
};

/** Options of a {@link PipelineModel}. */
export interface PipelineModelOptions {
  /** What slows, stops and starts the source of the pipeline. Default: one that no source has. */
  readonly governor?: Governor;
  /** The number of the last sample of each producer, ≥ 1, from a checkpoint. Default: none. */
  readonly producers?: ReadonlyMap<string, number>;
  /** Begins the training anew, when `reset` is requested. Default: that is refused. */
  readonly reset?: () => void;
  /** Done when a checkpoint contains all that has been learned. Default: there are no checkpoints. */
  readonly saved?: () => Promise<void>;
}

/**
 * A pipeline as a server asks of it. What is fed is learned at once, between the examples of the
 * source that the pipeline runs on, or without one.
 *
 * @example
 * const model = new PipelineModel(pipeline, { governor });
 * const server = await serve({ broadcaster: shown, model });
 */
export class PipelineModel implements Model {
  /** The last number of each producer that has been learned. */
  readonly producers: Map<string, number>;
  readonly saved?: () => Promise<void>;
  readonly #pipeline: Pipeline;
  readonly #governor: Governor;
  readonly #reset: (() => void) | undefined;
  #description: ModelDescription = {};
  /** How many slots had other features when it was described. */
  #recycled = 0;

  constructor(
    pipeline: Pipeline,
    { governor = new Governor(), producers, reset, saved }: PipelineModelOptions = {},
  ) {
    this.#pipeline = pipeline;
    this.#governor = governor;
    this.#reset = reset;
    this.producers = new Map(producers);
    if (saved) this.saved = saved;
  }

  /** The features, inputs and outputs; the same object until they change. */
  get description(): ModelDescription {
    const { slots, classes, recycled } = this.#pipeline;
    const [inputs, outputs] = [slots.length, classes?.length ?? 1];
    const { inputs: knownInputs, outputs: knownOutputs } = this.#description;
    const isSame = inputs === knownInputs && outputs === knownOutputs;
    if (!isSame || recycled !== this.#recycled) {
      this.#recycled = recycled;
      this.#description = { features: describeSlots(slots), inputs, outputs };
    }
    return this.#description;
  }

  /** Throws a SampleError where a row does not fit. */
  predict(rows: readonly Row[]): Predictions {
    return this.ask('predict', rows);
  }

  /** Answers a question about rows. Throws a SampleError where a row does not fit. */
  ask<Name extends keyof RowAnswers>(name: Name, rows: readonly Row[]): RowAnswers[Name] {
    return rowQuestions[name](this.#pipeline, rows);
  }

  /** A copy of one network of the learner: see {@link Pipeline.freeze}. */
  freeze(options: FreezeOptions): FrozenModel {
    return this.#pipeline.freeze(options);
  }

  /** Learns a batch in order, and says what was rejected of it. */
  feed(samples: readonly Observation[], origin?: Origin): FeedOutcome {
    const rejected: FeedOutcome['rejected'][number][] = [];
    for (const [i, sample] of samples.entries()) {
      for (const { code, reason } of this.#learn(sample)) {
        rejected.push({ i, code, message: reason });
      }
    }
    if (origin) rememberLast(this.producers, origin.producer, origin.upTo);
    return { step: this.#pipeline.step, rejected };
  }

  /** Throws a RequestError at `reset` where there is no such option. */
  steer(steering: Steering): void {
    if (steering.op !== 'reset') steerSource(this.#governor, steering);
    else if (this.#reset) this.#reset();
    else throw new RequestError('unsupported', 'this model cannot begin anew');
  }

  /** Ends what it has begun itself: the run that learns what is fed without a source. */
  stop(): void {
    this.#pipeline.stop();
  }

  #learn(sample: Observation): readonly Rejection[] {
    const pipeline = this.#pipeline;
    try {
      return pipeline.learn(exampleOf(sample, pipeline), sample.index);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      const rejection = error.at(sample.index ?? 0, sample);
      pipeline.reject(rejection);
      return [rejection];
    }
  }
}

/** Slows, stops or starts a source. */
export const steerSource = (governor: Governor, steering: Steering): void => {
  if (steering.op === 'pause') governor.pause();
  else if (steering.op === 'resume') governor.resume();
  else if (steering.op === 'rate') governor.limit(steering.perSecond ?? Number.POSITIVE_INFINITY);
};

const exampleOf = (sample: Observation, pipeline: Pipeline): Example => {
  const { id, time, weight } = sample;
  return {
    features: recordOf(sample, pipeline),
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
