import type { FreezeOptions, FrozenModel } from '../snapshot/frozen-model.ts';
import { BoundedMap } from '../stream/bounded-map.ts';
import { heldBytes } from '../stream/held-bytes.ts';
import { withRaw } from '../stream/rejection.ts';
import type { Broadcaster } from './broadcaster.ts';
import type { Feed, PredictEnvelope } from './client-messages.ts';
import type { Durability } from './durability.ts';
import { numbersOf, readFedBatch } from './fed-batch.ts';
import { InvalidSample, readFedSample } from './fed-sample.ts';
import { LateLabels } from './late-labels.ts';
import type { Limits } from './limits.ts';
import {
  Busy,
  type FeedOutcome,
  type Model,
  type NamedPredictions,
  type Origin,
  type Predictions,
  type Row,
  type RowAnswers,
  type Steering,
} from './model.ts';
import { PendingBytes } from './pending-bytes.ts';
import { Producers } from './producers.ts';
import { RequestError } from './request-error.ts';

/** Limits of the rows of one question. */
type RowLimits = Pick<Limits, 'predictRows' | 'sampleDepth' | 'sampleValues'>;

/** Reads the rows of a question; throws a RequestError that names the first bad one. */
const readRows = (
  { x, features }: Pick<PredictEnvelope, 'x' | 'features'>,
  limits: RowLimits,
): Row[] => {
  if ((x === undefined) === (features === undefined)) {
    throw new RequestError('shape', 'expected either x or features');
  }
  const rows = (x ?? features)!;
  if (rows.length > limits.predictRows) {
    throw new RequestError('limit', `at most ${limits.predictRows} rows at once`);
  }
  return rows.map((row, i) => {
    // Absent fields of a sample are no fault; those of a row are.
    const read = readFedSample(x ? { x: row ?? null } : { features: row ?? null }, limits);
    if (read instanceof InvalidSample) throw new RequestError('shape', `row ${i}: ${read.reason}`);
    return read.x ? { x: numbersOf(read.x) } : { features: read.features! };
  });
};

/** A model that is shown, and what it answers with. */
export interface ServedModel {
  /** What shows the model. */
  readonly broadcaster: Broadcaster;
  /** Absent: it can be watched, and nothing else. */
  readonly model?: Model;
  /** How well its checkpoints are written, such as a Checkpointer. Absent: there are none. */
  readonly checkpoints?: Durability;
}

/** Rows of a question, and how many samples the model must have learned before. */
export type RowsQuestion = Pick<PredictEnvelope, 'x' | 'features' | 'minStep'>;

/** Samples that come together. */
export interface Batch extends Pick<Feed, 'producer' | 'first' | 'ack'> {
  /** Parsed JSON, or an InvalidSample for what was not JSON. Bad ones are rejected one by one. */
  readonly samples: readonly unknown[];
}

/** A batch that was accepted. */
export interface AcceptedBatch {
  readonly dup: number;
  /** The producer's last number in it. */
  readonly upTo: number | undefined;
  /** How many samples are on their way: neither seen before nor refused at once. */
  readonly count: number;
  /** The memory of all samples that came. */
  readonly bytes: number;
  /** Done when they have been learned. */
  readonly outcome: Promise<FeedOutcome>;
}

type BatchSize = Pick<AcceptedBatch, 'count' | 'bytes'>;

/** One model as it is served: its requests, over any carrier. */
export class Service {
  readonly broadcaster: Broadcaster;
  readonly checkpoints: Durability | undefined;
  readonly #model: Model;
  readonly #limits: Limits;
  readonly #producers: Producers;
  readonly #lateLabels: LateLabels;
  /** What became of the requests of admins, by their `once`. */
  readonly #steered: BoundedMap<Promise<void>>;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #feedBytes: PendingBytes;
  readonly #predictBytes: PendingBytes;
  #waiting = 0;
  /** Samples whose turn has come: those learned and those rejected. */
  #fedCount = 0;
  /** What the model said last, and of which history. */
  #learned = { epoch: '', step: 0 };

  constructor({ broadcaster, model = {}, checkpoints }: ServedModel, limits: Limits) {
    this.broadcaster = broadcaster;
    this.checkpoints = checkpoints;
    this.#model = model;
    this.#limits = limits;
    this.#producers = new Producers(model.producers);
    this.#lateLabels = new LateLabels(limits);
    const { adminsRemembered } = limits;
    this.#steered = new BoundedMap({ entriesMax: adminsRemembered, bytesMax: adminsRemembered });
    this.#feedBytes = new PendingBytes(limits.feedQueueBytes);
    this.#predictBytes = new PendingBytes(limits.predictBytes);
  }

  get name(): string {
    return this.broadcaster.name;
  }

  /** Whether it has something to show, and its checkpoints, where it has any, can be written. */
  get isReady(): boolean {
    return this.broadcaster.snapshot !== undefined && this.checkpoints?.failure === undefined;
  }

  /** The model itself, as far as it answers. */
  get model(): Model {
    return this.#model;
  }

  /** Samples learned: a snapshot says so later than an answer, and a step must not go back. */
  get step(): number {
    const { step, epoch } = this.broadcaster;
    return epoch.name === this.#learned.epoch ? Math.max(step, this.#learned.step) : step;
  }

  /** Predicts; rows with an id are remembered for a label that comes later. */
  async predict(
    question: Omit<PredictEnvelope, 't' | 'id'>,
  ): Promise<Predictions & Partial<NamedPredictions>> {
    const { model } = this;
    if (!model.predict) throw new RequestError('unsupported', 'this model only shows itself');
    const { ids, named = false } = question;
    if (named && !model.ask) throw new RequestError('unsupported', 'this model has no names');
    const rows = readRows(question, this.#limits);
    if (ids && ids.length !== rows.length) {
      throw new RequestError('shape', `${rows.length} rows, but ${ids.length} ids`);
    }
    const predictions = await this.#answered(rows, question, () =>
      named ? model.ask!('named', rows) : model.predict!(rows),
    );
    for (const [index, id] of (ids ?? []).entries()) this.#lateLabels.remember(id, rows[index]!);
    return predictions;
  }

  /** Answers a question about rows, by its name. */
  async ask<Name extends keyof RowAnswers>(
    name: Name,
    question: RowsQuestion,
  ): Promise<RowAnswers[Name]> {
    const { model } = this;
    if (!model.ask) throw new RequestError('unsupported', `this model does not answer ${name}`);
    const rows = readRows(question, this.#limits);
    if (name === 'explain') this.#refuseLong(rows);
    return this.#answered(rows, question, () => model.ask!(name, rows));
  }

  /**
   * Accepts a batch. Throws at once if it cannot; then no sample of it was accepted. Its memory must also fit
   * into the `credit` of its sender.
   */
  feed({ samples, producer, first, ack }: Batch, credit?: PendingBytes): AcceptedBatch {
    if (!this.#model.feed)
      throw new RequestError('unsupported', this.#refusal('does not take samples'));
    // Before anything is learned: who hears of an error afterwards sends all of it again.
    if (ack === 'durable' && !this.#model.saved) throw noCheckpoints();
    if (samples.length > this.#limits.feedBatch) {
      throw new RequestError('limit', `at most ${this.#limits.feedBatch} samples at once`);
    }
    if ((producer === undefined) !== (first === undefined)) {
      throw new RequestError('shape', 'producer and first go together');
    }
    const bytes = heldBytes(samples);
    this.#refuseOverload(samples.length, bytes, credit);
    if (producer === undefined || first === undefined) {
      const size = { count: samples.length, bytes };
      const outcome = this.#enqueue(size, () => this.#learn(samples, 0));
      return { dup: 0, upTo: undefined, ...size, outcome };
    }
    const { dup, upTo } = this.#producers.accept(producer, first, samples.length);
    const count = samples.length - dup;
    const outcome = this.#enqueue({ count, bytes }, async () => {
      const learned = this.#producers.expect(producer, first, samples.length);
      const done = await this.#learn(samples, learned, { producer, upTo });
      this.#producers.learn(producer, upTo);
      return done;
    }).catch((error: unknown) => {
      this.#producers.fail(producer);
      throw error;
    });
    return { dup, upTo, count, bytes, outcome };
  }

  /**
   * A copy of one network of the model and of the newest samples. Throws a RequestError `unsupported`
   * where it has no network, or none of that name.
   */
  async freeze(wanted: Omit<FreezeOptions, 'parametersMax'> = {}): Promise<FrozenModel> {
    if (!this.#model.freeze) {
      throw new RequestError('unsupported', 'this model cannot be copied: it only shows itself');
    }
    try {
      const { frozenParameters: parametersMax } = this.#limits;
      return await this.#model.freeze({ ...wanted, parametersMax });
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      throw new RequestError('unsupported', error.message);
    }
  }

  /** Done when all that has been accepted is learned or refused. */
  get settled(): Promise<unknown> {
    return this.#tail;
  }

  /** Done when a checkpoint contains all that has been learned. */
  async saved(): Promise<void> {
    if (!this.#model.saved) throw noCheckpoints();
    await this.#model.saved();
  }

  /** Done when all that has been learned is in the log of fed samples, where there is one. */
  async logged(): Promise<void> {
    await this.#model.logged?.();
  }

  /** Steers; a request with a `once` that came before is not executed again, and has the same outcome. */
  steer(steering: Steering, once?: string): Promise<void> {
    const before = once === undefined ? undefined : this.#steered.get(once);
    if (before) return before;
    const outcome = this.#steer(steering);
    if (once !== undefined) this.#steered.set(once, outcome, 1);
    return outcome;
  }

  async #steer(steering: Steering): Promise<void> {
    if (!this.#model.steer) {
      throw new RequestError('unsupported', this.#refusal('cannot be steered'));
    }
    await this.#model.steer(steering);
    if (steering.op === 'reset') this.broadcaster.startEpoch('the model was reset');
    const { step } = this.broadcaster;
    const detail = { ...steering };
    this.broadcaster.event({ kind: 'config', step, message: `${steering.op} by request`, detail });
  }

  #refusal(what: string): string {
    const { frozen = false } = this.broadcaster.model;
    return frozen ? `this model is frozen: it predicts, and ${what}` : `this model ${what}`;
  }

  /** An explanation has a number for each row, output and feature. */
  #refuseLong(rows: readonly Row[]): void {
    const { explainValues } = this.#limits;
    const { inputs = Math.max(...rows.map(widthOf)), outputs = 1 } = this.broadcaster.model;
    if (rows.length * inputs * outputs <= explainValues) return;
    const rowsMax = Math.floor(explainValues / (inputs * outputs));
    throw new RequestError(
      'limit',
      `at most ${explainValues} contributions at once: ask for ${rowsMax} rows of this model at most`,
    );
  }

  /** Answers, while the rows of all questions together fit into memory; not before `minStep`. */
  async #answered<Answer extends { readonly step: number }>(
    rows: readonly Row[],
    { minStep = 0 }: RowsQuestion,
    answer: () => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const bytes = heldBytes(rows);
    if (!this.#predictBytes.hasRoomFor(bytes)) {
      throw new Busy('the rows that wait for predictions are too large together', 50);
    }
    const release = this.#predictBytes.add(bytes);
    try {
      const answered = await answer();
      if (answered.step >= minStep) return answered;
      const message = `${answered.step} samples are learned, not ${minStep}`;
      throw new RequestError('busy', message, { retryMs: 100 });
    } finally {
      release();
    }
  }

  #refuseOverload(count: number, bytes: number, credit: PendingBytes | undefined): void {
    if (this.#waiting + count > this.#limits.feedQueue) throw new Busy('the queue is full', 200);
    if (!this.#feedBytes.hasRoomFor(bytes)) throw new Busy('the queue is full: large samples', 200);
    if (credit?.hasRoomFor(bytes) === false) {
      throw new Busy('the samples that wait are too large together: send fewer at once', 100);
    }
  }

  /** One batch after the other, so that a retry waits for the batch that it repeats. */
  #enqueue({ count, bytes }: BatchSize, learn: () => Promise<FeedOutcome>): Promise<FeedOutcome> {
    this.#waiting += count;
    const release = this.#feedBytes.add(bytes);
    const outcome = this.#tail.then(learn);
    this.#tail = outcome
      .catch((error: unknown) => {
        if (error instanceof RequestError || error instanceof Busy) return;
        const { step } = this.broadcaster;
        this.broadcaster.event({
          kind: 'error',
          step,
          message: 'a fed batch could not be learned',
        });
      })
      .finally(() => {
        this.#waiting -= count;
        release();
      });
    return outcome;
  }

  async #learn(samples: Batch['samples'], skip: number, origin?: Origin): Promise<FeedOutcome> {
    const start = this.#fedCount - skip;
    const source = { limits: this.#limits, lateLabels: this.#lateLabels };
    const { taken, positions, refused } = readFedBatch(samples, { skip, start, ...source });
    for (const { i, code, message, id, text } of refused) {
      const rejection = { code, reason: message, index: start + i };
      const named = id === undefined ? rejection : { ...rejection, id };
      this.broadcaster.reject(withRaw(named, text ?? samples[i]));
    }
    const here = refused.map(({ i, code, message }) => ({ i, code, message }));
    const count = start + samples.length;
    // Who keeps the numbers must hear of those that were refused here, too.
    const isNews = taken.length > 0 || (origin && this.#model.producers && refused.length > 0);
    if (!isNews) {
      this.#fedCount = count;
      return { step: this.step, rejected: here };
    }
    const { step, rejected } = await this.#model.feed!(taken, origin);
    // Not before: what failed is sent again, and has the same positions then.
    this.#fedCount = count;
    this.#learned = { epoch: this.broadcaster.epoch.name, step };
    const there = rejected.map((found) => ({ ...found, i: positions[found.i]! }));
    return { step, rejected: [...here, ...there].sort((one, other) => one.i - other.i) };
  }
}

const widthOf = (row: Row): number =>
  'x' in row ? row.x.length : Object.keys(row.features).length;

const noCheckpoints = (): RequestError =>
  new RequestError(
    'unsupported',
    'this model keeps no checkpoints: feed with ack "learned", or serve it with --checkpoint FOLDER',
  );
