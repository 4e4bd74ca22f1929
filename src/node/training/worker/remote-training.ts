import type { Worker } from 'node:worker_threads';
import { Observable, Subject } from 'rxjs';
import type {
  FeedOutcome,
  Observation,
  Origin,
  Predictions,
  Row,
  RowAnswers,
  Steering,
} from '../../../broadcast/model.ts';
import type { ModelDescription } from '../../../broadcast/model-info.ts';
import type { Audience } from '../../../pipeline.ts';
import type { FreezeOptions, FrozenModel } from '../../../snapshot/frozen-model.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { withRaw } from '../../../stream/rejection.ts';
import { crossed, crossing } from '../../threads/crossed-error.ts';
import { sendable } from '../../threads/sendable.ts';
import type { Capture } from '../checkpoints/checkpointer.ts';
import type { ModelShape, SourceState, TrainingModel } from '../training-model.ts';
import type { TrainingOptions } from '../training-options.ts';
import type {
  FromWorker,
  RemoteState,
  ToWorker,
  WorkerAnswer,
  WorkerCall,
  WorkerMethod,
} from './messages.ts';

/** Options of a {@link RemoteTraining}. */
interface RemoteTrainingOptions extends Pick<TrainingOptions, 'saved' | 'connections'> {
  /** What people call its source. */
  readonly name: string;
  /** Starts the thread. Called when the snapshots are subscribed to. */
  readonly start: () => Worker;
  /** The last number of each producer, from a checkpoint. Default: there are none. */
  readonly producers?: ReadonlyMap<string, number>;
}

/** A message that cannot be copied to another thread. */
class UnsendableError extends Error {
  override readonly name = 'UnsendableError';
}

interface Waiting {
  resolve(answer: WorkerAnswer): void;
  reject(error: Error): void;
}

/** A training in another thread: each method is a message to it. */
export class RemoteTraining implements TrainingModel {
  readonly producers: Map<string, number>;
  readonly saved?: () => Promise<void>;
  readonly #options: RemoteTrainingOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #snapshots = new Subject<Snapshot>();
  #audience: Audience | undefined;
  #worker: Worker | undefined;
  /** The same, also while it stops: it receives durable offsets until it has ended. */
  #latest: Worker | undefined;
  #stopped: Promise<void> = Promise.resolve();
  #state: RemoteState;
  #description: ModelDescription = {};
  #lastId = 0;

  constructor(options: RemoteTrainingOptions) {
    const { name, producers, saved } = options;
    this.#options = options;
    this.producers = new Map(producers);
    if (saved) this.saved = saved;
    const source = { name, isReplayable: false };
    this.#state = { source, rejections: { count: 0, first: [] } };
  }

  get source(): SourceState {
    return this.#state.source;
  }

  get rejections(): RemoteState['rejections'] {
    return this.#state.rejections;
  }

  get shape(): ModelShape | undefined {
    return this.#state.shape;
  }

  get description(): ModelDescription {
    return this.#description;
  }

  /** What is fed after the end of the subscription is learned until {@link stop}. */
  snapshots(audience?: Audience): Observable<Snapshot> {
    this.#audience = audience;
    return new Observable((subscriber) => {
      const subscription = this.#snapshots.subscribe(subscriber);
      const worker = this.#options.start();
      this.#worker = worker;
      this.#latest = worker;
      worker.on('message', (message: FromWorker) => this.#receive(message));
      worker.on('error', (error: Error) => this.#fail(error));
      worker.on('exit', () => this.#fail(new Error('the training thread has ended')));
      return subscription;
    });
  }

  predict(rows: readonly Row[]): Promise<Predictions> {
    return this.ask('predict', rows);
  }

  async ask<Name extends keyof RowAnswers>(
    name: Name,
    rows: readonly Row[],
  ): Promise<RowAnswers[Name]> {
    try {
      return (await this.#call('ask', name, rows)) as RowAnswers[Name];
    } catch (error) {
      if (error instanceof UnsendableError) throw sendable(rows).refused[0]?.error ?? error;
      throw error;
    }
  }

  async feed(samples: readonly Observation[], origin?: Origin): Promise<FeedOutcome> {
    try {
      return await this.#call('feed', samples, origin);
    } catch (error) {
      if (!(error instanceof UnsendableError)) throw error;
    }
    const { values, positions, refused } = sendable(samples);
    const outcome = await this.#call('feed', values, origin);
    const here = refused.map(({ i, error }) => {
      this.#audience?.reject(error.at(samples[i]!.index ?? i, samples[i]));
      return { i, code: error.code, message: error.message };
    });
    const there = outcome.rejected.map((found) => ({ ...found, i: positions[found.i]! }));
    const rejected = [...here, ...there].sort((one, other) => one.i - other.i);
    return { ...outcome, rejected };
  }

  capture(): Promise<Capture | undefined> {
    return this.#call('capture');
  }

  freeze(options: FreezeOptions): Promise<FrozenModel> {
    return this.#call('freeze', options);
  }

  steer(steering: Steering): Promise<void> {
    return this.#call('steer', steering);
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

  #call<Method extends WorkerMethod>(
    method: Method,
    ...args: Parameters<TrainingModel[Method]>
  ): Promise<WorkerAnswer<Method>> {
    return new Promise((resolve, reject) => {
      if (!this.#worker) {
        reject(new Error('the training thread has ended'));
        return;
      }
      this.#lastId += 1;
      const id = this.#lastId;
      // The answer to a call is of its method.
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      const call = { kind: 'call', id, method, arguments: args } as unknown as WorkerCall;
      try {
        this.#worker.postMessage(call);
      } catch (error) {
        this.#waiting.delete(id);
        reject(new UnsendableError('it cannot be sent to the training thread', { cause: error }));
      }
    });
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'snapshot') {
      this.#state = message.state;
      this.#description = message.description ?? this.#description;
      this.#audience?.publish(message.snapshot, message.at);
      this.#snapshots.next(message.snapshot);
    } else if (message.kind === 'event') this.#audience?.event(message.event);
    else if (message.kind === 'connection') this.#options.connections?.next(message.event);
    else if (message.kind === 'rejection')
      this.#audience?.reject(withRaw(message.rejection, message.raw));
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
