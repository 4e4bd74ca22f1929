import type { Worker } from 'node:worker_threads';
import { Observable, Subject } from 'rxjs';
import type {
  FeedOutcome,
  Model,
  Observation,
  Origin,
  Predictions,
  Row,
  Steering,
} from '../../../broadcast/model.ts';
import type { ModelDescription } from '../../../broadcast/model-info.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import type { ConnectionEventSink } from '../../../sources/connection-event.ts';
import type { StreamEvent } from '../../../stream/event.ts';
import { type Rejection, withRaw } from '../../../stream/rejection.ts';
import { crossed, crossing } from '../../threads/crossed-error.ts';
import { sendable } from '../../threads/sendable.ts';
import type { Capture } from '../checkpoints/checkpointer.ts';
import type { ShownTraining } from '../shown-training.ts';
import type { Answer, FromWorker, ToWorker, TrainingState, WorkerQuestion } from './messages.ts';

/** Who is told what a worker does. */
export interface RemoteAudience {
  publish(snapshot: Snapshot, at: number): void;
  event(event: StreamEvent): void;
  reject(rejection: Rejection): void;
}

/** What a {@link RemoteTraining} is made of. */
export interface RemoteTrainingOptions {
  /** What people call its source. */
  readonly name: string;
  readonly audience: RemoteAudience;
  /** Notified when a connection changes or a source restarts. Default: nobody. */
  readonly connections?: ConnectionEventSink;
  /** Called when somebody subscribes to the snapshots. */
  readonly start: () => Worker;
  /** How far the producers had come whose numbers are continued. Default: there are none. */
  readonly producers?: ReadonlyMap<string, number>;
  /** Done when a checkpoint contains all that has been learned. Default: there are none. */
  readonly saved?: () => Promise<void>;
}

/** A message that cannot be copied to another thread. */
class UnsendableError extends Error {
  override readonly name = 'UnsendableError';
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** A training in another thread, and its model: everything is asked for by message. */
export class RemoteTraining implements Model, ShownTraining {
  readonly producers: Map<string, number>;
  readonly saved?: () => Promise<void>;
  readonly #audience: RemoteAudience;
  readonly #connections: ConnectionEventSink | undefined;
  readonly #start: () => Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #snapshots = new Subject<Snapshot>();
  #worker: Worker | undefined;
  /** The same, also while it stops: it is told what is kept until it has ended. */
  #latest: Worker | undefined;
  #stopped: Promise<void> = Promise.resolve();
  #state: TrainingState;
  #description: ModelDescription = {};
  #lastId = 0;

  constructor({ name, audience, connections, start, producers, saved }: RemoteTrainingOptions) {
    this.#audience = audience;
    this.#connections = connections;
    this.#start = start;
    this.producers = new Map(producers);
    if (saved) this.saved = saved;
    const rejections = { count: 0, first: [] };
    this.#state = {
      source: name,
      inputCount: 0,
      outputCount: 0,
      rejections,
      isReplayable: false,
    };
  }

  get source(): ShownTraining['source'] {
    const { source: name, buffer } = this.#state;
    return buffer ? { name, buffer } : { name };
  }

  get rejections(): TrainingState['rejections'] {
    return this.#state.rejections;
  }

  /** What goes in and comes out, as of the newest snapshot. */
  get description(): ModelDescription {
    return this.#description;
  }

  /** Whether its source gives the same again after a restart. */
  get isReplayable(): boolean {
    return this.#state.isReplayable;
  }

  /** Absent until the first rows have come. */
  get model() {
    const { task, inputCount, outputCount } = this.#state;
    return task && { task, learner: { inputCount, outputCount } };
  }

  /** Trains for as long as it is subscribed to; what is fed afterwards is learned until {@link stop}. */
  snapshots(): Observable<Snapshot> {
    return new Observable((subscriber) => {
      const subscription = this.#snapshots.subscribe(subscriber);
      const worker = this.#start();
      this.#worker = worker;
      this.#latest = worker;
      worker.on('message', (message: FromWorker) => this.#receive(message));
      worker.on('error', (error: Error) => this.#fail(error));
      worker.on('exit', () => this.#fail(new Error('the training thread has ended')));
      return subscription;
    });
  }

  async predict(rows: readonly Row[]): Promise<Predictions> {
    try {
      return (await this.#ask({ method: 'predict', argument: rows })) as Predictions;
    } catch (error) {
      if (error instanceof UnsendableError) throw sendable(rows).refused[0]?.error ?? error;
      throw error;
    }
  }

  async feed(samples: readonly Observation[], origin?: Origin): Promise<FeedOutcome> {
    try {
      return await this.#feed(samples, origin);
    } catch (error) {
      if (!(error instanceof UnsendableError)) throw error;
    }
    const { values, positions, refused } = sendable(samples);
    const { step, rejected } = await this.#feed(values, origin);
    const here = refused.map(({ i, error }) => {
      this.#audience.reject(error.at(samples[i]!.index ?? i, samples[i]));
      return { i, code: error.code, message: error.message };
    });
    const there = rejected.map((found) => ({ ...found, i: positions[found.i]! }));
    return { step, rejected: [...here, ...there].sort((one, other) => one.i - other.i) };
  }

  /** All of the model as it is at one moment; undefined before the first rows have come. */
  capture(): Promise<Capture | undefined> {
    return this.#ask({ method: 'capture' }) as Promise<Capture | undefined>;
  }

  async steer(steering: Steering): Promise<void> {
    await this.#ask({ method: 'steer', argument: steering });
  }

  /** Ends the thread; done when its last snapshot has come. */
  stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (!worker) return this.#stopped;
    worker.postMessage({ kind: 'stop' } satisfies ToWorker);
    // It ends by itself when it has heard; one that is stuck does not.
    const timer = setTimeout(() => void worker.terminate(), 1_000);
    this.#stopped = new Promise((resolve) => {
      worker.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    return this.#stopped;
  }

  #feed(samples: readonly Observation[], origin?: Origin): Promise<FeedOutcome> {
    const argument = { samples, ...(origin && { origin }) };
    return this.#ask({ method: 'feed', argument }) as Promise<FeedOutcome>;
  }

  #ask(question: WorkerQuestion): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (!this.#worker) {
        reject(new Error('the training thread has ended'));
        return;
      }
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      const message: ToWorker = { kind: 'ask', id: this.#lastId, ...question };
      try {
        this.#worker.postMessage(message);
      } catch (error) {
        this.#waiting.delete(this.#lastId);
        reject(new UnsendableError('it cannot be sent to the training thread', { cause: error }));
      }
    });
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'snapshot') {
      this.#state = message.state;
      this.#description = message.description ?? this.#description;
      this.#audience.publish(message.snapshot, message.at);
      this.#snapshots.next(message.snapshot);
    } else if (message.kind === 'event') this.#audience.event(message.event);
    else if (message.kind === 'connection') this.#connections?.next(message.event);
    else if (message.kind === 'rejection')
      this.#audience.reject(withRaw(message.rejection, message.raw));
    else if (message.kind === 'keep') void this.#keep(message.id);
    else if (message.kind === 'ended') this.#ended(message);
    else this.#answered(message);
  }

  /** A thread that has ended in the meantime does not hear it. */
  async #keep(id: number): Promise<void> {
    const worker = this.#latest;
    const tell = (message: ToWorker): void => worker?.postMessage(message);
    try {
      await this.saved?.();
      tell({ kind: 'kept', id });
    } catch (error) {
      tell({ kind: 'kept', id, error: crossing(error) });
    }
  }

  #answered(message: Extract<FromWorker, { kind: 'answer' | 'refusal' }>): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.value);
    else waiting?.reject(crossed(message.error));
  }

  #ended({ error, state }: Extract<FromWorker, { kind: 'ended' }>): void {
    if (state) this.#state = state;
    if (error) this.#snapshots.error(crossed(error));
    else this.#snapshots.complete();
  }

  #fail(error: Error): void {
    this.#worker = undefined;
    this.#snapshots.error(error);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
