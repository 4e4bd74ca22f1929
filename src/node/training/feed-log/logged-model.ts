import {
  Busy,
  type FeedOutcome,
  type Model,
  type Observation,
  type Origin,
  type Predictions,
  type Row,
  type RowAnswers,
  type Steering,
} from '../../../broadcast/model.ts';
import { rememberLast } from '../../../broadcast/producers.ts';
import type { FreezeOptions, FrozenModel } from '../../../snapshot/frozen-model.ts';
import { diskReason } from '../checkpoints/disk-errors.ts';
import type { TrainingModel } from '../training-model.ts';
import type { FeedLog } from './feed-log.ts';

/** A model that can be fed and counts its batches. */
export type LoggableModel = Pick<
  TrainingModel,
  'producers' | 'predict' | 'ask' | 'feed' | 'steer' | 'freeze'
>;

/** What a {@link LoggedModel} works with. */
export interface LoggedModelOptions {
  readonly log: FeedLog;
  /** Done when a checkpoint contains all that has been learned. */
  readonly saved: () => Promise<void>;
  /** Receives why a batch could not be logged. */
  readonly failed: (message: string) => void;
  /** Bytes of the log: at half of them a checkpoint is requested, beyond them no batch is accepted. */
  readonly bytesMax: number;
  /** Whether the log continues from a checkpoint; otherwise one is requested at the first batch. */
  readonly hasCheckpoint: boolean;
}

/** How long somebody waits whose batch cannot be logged, in ms. */
const retryMs = 1_000;

/**
 * A model whose fed batches are appended to a log before they are acknowledged. If the log cannot be
 * written, or belongs to another model after a reset, no batch is accepted until a checkpoint contains all.
 */
export class LoggedModel implements Model {
  readonly #model: LoggableModel;
  readonly #options: LoggedModelOptions;
  /** Until it settles, the log lacks something that has been learned. */
  #behind: Promise<void> | undefined;
  #isAsking = false;
  #hasCheckpoint: boolean;

  constructor(model: LoggableModel, options: LoggedModelOptions) {
    this.#model = model;
    this.#options = options;
    this.#hasCheckpoint = options.hasCheckpoint;
  }

  get producers(): Map<string, number> {
    return this.#model.producers;
  }

  predict(rows: readonly Row[]): Predictions | Promise<Predictions> {
    return this.#model.predict(rows);
  }

  ask<Name extends keyof RowAnswers>(
    name: Name,
    rows: readonly Row[],
  ): RowAnswers[Name] | Promise<RowAnswers[Name]> {
    return this.#model.ask(name, rows);
  }

  async feed(samples: readonly Observation[], origin?: Origin): Promise<FeedOutcome> {
    this.#refuseBehind();
    this.#refuseFull();
    const outcome = await this.#model.feed(samples, origin);
    try {
      this.#options.log.append(outcome.mark!, { samples, ...(origin && { origin }) });
    } catch (error) {
      // It has been learned: sent again, it is answered when a checkpoint contains it.
      const { producers } = this.#model;
      if (origin) rememberLast(producers, origin.producer, origin.upTo);
      this.#options.failed(`the log of fed samples could not be written: ${diskReason(error)}`);
      this.#fallBehind();
      this.#refuseBehind();
    }
    return outcome;
  }

  /** Done when what was learned survives what it has to; rejects with a {@link Busy} where it does not. */
  async logged(): Promise<void> {
    this.#refuseBehind();
    try {
      await this.#options.log.synced();
    } catch (error) {
      this.#options.failed(`the log of fed samples could not be synced: ${diskReason(error)}`);
      this.#fallBehind();
    }
    this.#refuseBehind();
  }

  saved(): Promise<void> {
    return this.#options.saved();
  }

  freeze(options: FreezeOptions): FrozenModel | Promise<FrozenModel> {
    return this.#model.freeze(options);
  }

  async steer(steering: Steering): Promise<void> {
    await this.#model.steer(steering);
    // What was logged before would be learned again by the model that was reset.
    if (steering.op === 'reset') this.#fallBehind();
  }

  #refuseBehind(): void {
    if (this.#behind)
      throw new Busy('a checkpoint is needed before samples can be accepted', retryMs);
  }

  #refuseFull(): void {
    const { log, bytesMax } = this.#options;
    const { bytes } = log;
    if (bytes <= bytesMax / 2 && this.#hasCheckpoint) return;
    this.#hasCheckpoint = true;
    this.#askForCheckpoint();
    if (bytes > bytesMax) throw new Busy('the log of fed samples is full', retryMs);
  }

  #askForCheckpoint(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const isWritten = (): void => {
      this.#isAsking = false;
    };
    this.#options.saved().then(isWritten, isWritten);
  }

  #fallBehind(): void {
    this.#behind ??= this.#catchUp().finally(() => {
      this.#behind = undefined;
    });
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      try {
        await this.#options.saved();
        return;
      } catch {
        await later(retryMs);
      }
    }
  }
}

const later = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
