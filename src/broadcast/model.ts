import type { NamedPrediction } from '../learn/named-prediction.ts';
import type { FreezeOptions, FrozenModel } from '../snapshot/frozen-model.ts';
import type { RejectionCode } from '../stream/rejection.ts';

/** One row to predict for: a vector or a record. A NaN in a vector is a missing value. */
export type Row =
  | {
      /** Inputs, one per slot; NaN is missing. */
      readonly x: readonly number[];
    }
  | {
      /** Features by name. */
      readonly features: Readonly<Record<string, unknown>>;
    };

/** One observation to learn from: a vector and its target, or a record and its label. */
export type Observation = (
  | {
      /** Inputs, one per slot; NaN is missing. */
      readonly x: readonly number[];
      /** Targets, one per output. */
      readonly y: readonly number[];
    }
  | {
      /** Features by name. */
      readonly features: Readonly<Record<string, unknown>>;
      /** The label to learn, or a number in [−1e15, 1e15]. */
      readonly target: number | string | boolean;
    }
) & {
  /** The name of the sample, which a late label refers to. */
  readonly id?: string;
  /** When it was observed: milliseconds since the Unix epoch. */
  readonly time?: number;
  /** How much it counts: between 0 and 1e6. Default 1. */
  readonly weight?: number;
  /** Its 0-based position among all samples that were fed: what a rejection of it says as `index`. */
  readonly index?: number;
};

/** What was predicted: one array of outputs for each row. */
export interface Predictions {
  /** The outputs of each row. */
  readonly y: readonly ArrayLike<number>[];
  /** The likeliest class of each row, where the outputs are classes. */
  readonly labels?: readonly string[];
  /** Samples learned when it was predicted. */
  readonly step: number;
}

/** The same with names: each class with its probability, or the number with its interval. */
export interface NamedPredictions extends Predictions {
  /** One prediction a row. */
  readonly named: readonly NamedPrediction[];
}

/** Why a model predicts what it predicts. */
export interface Explanations {
  /**
   * For each row and each output, what each feature contributes, by its name (a category by
   * `name=value`): to the log odds of a class, to the number of a regression.
   */
  readonly contributions: readonly (readonly Readonly<Record<string, number>>[])[];
  /** The classes in the order of the outputs, where the outputs are classes. */
  readonly classes?: readonly string[];
  /** Samples learned when it was explained. */
  readonly step: number;
}

/** What a model answers to each question about rows. */
export interface RowAnswers {
  /** The outputs of each row. */
  readonly predict: Predictions;
  /** The outputs of each row, and what they mean. */
  readonly named: NamedPredictions;
  /** What each feature contributes to each output. */
  readonly explain: Explanations;
}

/** Where a fed batch stands among all that is learned. */
export interface FeedMark {
  /** The number of the batch, from 1, among all that were ever fed. */
  readonly batch: number;
  /** Examples of the source that were consumed before it. */
  readonly examples: number;
}

/** What became of a batch. */
export interface FeedOutcome {
  /** Samples learned, these included. */
  readonly step: number;
  /** Those that were refused, by their 0-based position in the batch. */
  readonly rejected: readonly {
    readonly i: number;
    readonly code: RejectionCode;
    readonly message: string;
  }[];
  /** For a log of what is fed; absent where the model does not count. */
  readonly mark?: FeedMark;
}

/** Whose numbered samples they are, and the number of the last of them. */
export interface Origin {
  /** The name of the sender, of 1 to 128 characters. */
  readonly producer: string;
  /** The number of the last sample: a whole number. */
  readonly upTo: number;
}

/** What steers the training. */
export type Steering =
  | {
      /** What to do with the training. */
      readonly op: 'pause' | 'resume' | 'reset';
    }
  | {
      /** Limits the rate of the source. */
      readonly op: 'rate';
      /** Samples per second: above 0. Default: full speed. */
      readonly perSecond?: number;
    };

/**
 * What a server asks of the model that it shows. What is absent is answered with `unsupported`.
 * A method that cannot take more now throws a {@link Busy}.
 */
export interface Model {
  /** Throws a SampleError when a row does not fit. */
  predict?(rows: readonly Row[]): Predictions | Promise<Predictions>;
  /**
   * Answers a question about rows by its name. Throws a SampleError when a row does not fit, and a
   * RequestError `unsupported` where it cannot answer that question.
   */
  ask?<Name extends keyof RowAnswers>(
    name: Name,
    rows: readonly Row[],
  ): RowAnswers[Name] | Promise<RowAnswers[Name]>;
  /**
   * Takes a batch in order; done when all of it has been learned or refused. A model that keeps
   * {@link Model.producers} sets that of the origin in the same step as it learns, so that no checkpoint
   * holds the one without the other; for it, a batch may be empty.
   */
  feed?(samples: readonly Observation[], origin?: Origin): FeedOutcome | Promise<FeedOutcome>;
  /** Done when a checkpoint on disk contains all that had been learned when it was called. */
  saved?(): Promise<void>;
  /**
   * Done when all that was learned before is in the log of fed samples, where there is one: an answer
   * `learned` waits for it. Rejects with a {@link Busy} where it is not.
   */
  logged?(): Promise<void>;
  /**
   * A copy of one of its networks and of the newest samples. Throws a TypeError where it has none, and
   * a RangeError where none has that name.
   */
  freeze?(options: FreezeOptions): FrozenModel | Promise<FrozenModel>;
  /** Pauses, resumes, slows or resets the training. */
  steer?(steering: Steering): void | Promise<void>;
  /**
   * The last number of each producer that has been learned. Where it is given, the model keeps it in
   * its checkpoint, so that a retry after a restart is harmless too.
   */
  readonly producers?: Map<string, number>;
}

/** A buffer is full: the same request may succeed later. */
export class Busy extends Error {
  override readonly name = 'Busy';
  /** After this time, in ms, it may succeed. */
  readonly retryMs: number;

  constructor(message: string, retryMs: number, options?: ErrorOptions) {
    super(message, options);
    this.retryMs = retryMs;
  }
}
