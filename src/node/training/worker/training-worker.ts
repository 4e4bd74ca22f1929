import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ModelDescription } from '../../../broadcast/model-info.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { crossed, crossing } from '../../threads/crossed-error.ts';
import { memoryBuffers, snapshotBuffers } from '../../threads/moved-buffers.ts';
import { wallClock } from '../../threads/wall-clock.ts';
import { Training } from '../training.ts';
import {
  type FromWorker,
  type RemoteState,
  type ToWorker,
  type WorkerAnswer,
  type WorkerCall,
  type WorkerSettings,
  workerMethods,
} from './messages.ts';

/** Asks another thread for checkpoints. */
class RemoteKeeping {
  readonly #say: (id: number) => void;
  readonly #waiting = new Map<number, (error?: Error) => void>();
  #lastId = 0;
  #settled: (() => void) | undefined;

  /** `say` sends the question with that id. */
  constructor(say: (id: number) => void) {
    this.#say = say;
  }

  /** Done when a checkpoint contains all that has been learned. Rejects where it could not be written. */
  ask(): Promise<void> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (error) => (error ? reject(error) : resolve()));
      this.#say(id);
    });
  }

  /** Takes an answer. */
  answer({ id, error }: Extract<ToWorker, { kind: 'kept' }>): void {
    this.#waiting.get(id)?.(error && crossed(error));
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#settled?.();
  }

  /** Done when every question has been answered. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.size === 0) resolve();
      else this.#settled = resolve;
    });
  }
}

/** After a stop the thread waits for one more snapshot, in ms: it has what was fed last. */
const lastSnapshotMs = 66;

/** The whole stream in a thread of its own: only snapshots, news and samples cross. */
const train = (
  port: MessagePort,
  { specs, options, hasCheckpoints = false }: WorkerSettings,
): void => {
  const post = (message: FromWorker, moved: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, moved);
  const keeping = new RemoteKeeping((id) => post({ kind: 'keep', id }));
  const training = new Training(specs, {
    ...options,
    connections: { next: (event) => post({ kind: 'connection', event }) },
    ...(hasCheckpoints && { saved: () => keeping.ask() }),
  });
  let described: ModelDescription | undefined;
  const publish = (snapshot: Snapshot): void => {
    const { description } = training;
    const news = description === described ? {} : { description };
    described = description;
    const [at, state] = [wallClock.now(), stateOf(training)];
    post({ kind: 'snapshot', snapshot, at, state, ...news }, snapshotBuffers(snapshot));
  };
  const subscription = training
    .snapshots({
      publish,
      event: (event) => post({ kind: 'event', event }),
      reject(rejection) {
        const raw = options.rawRejections ? rejection.raw : undefined;
        post({ kind: 'rejection', rejection, ...(raw === undefined ? {} : { raw }) });
      },
    })
    .subscribe({
      error: (error: unknown) =>
        post({ kind: 'ended', error: crossing(error), state: stateOf(training) }),
      complete: () => post({ kind: 'ended', state: stateOf(training) }),
    });
  const stop = (): void => {
    subscription.unsubscribe();
    training.stop();
    post({ kind: 'ended', state: stateOf(training) });
    // Messages of a broker are acknowledged when a checkpoint is confirmed, which is requested now.
    setImmediate(() => void keeping.settled().then(() => port.close()));
  };
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'kept') keeping.answer(message);
    else if (message.kind === 'call') post(...answerTo(training, message));
    else {
      training.steer({ op: 'pause' });
      setTimeout(stop, lastSnapshotMs);
    }
  });
};

/** The answer to a call, and the buffers of it that are moved instead of copied. */
const answerTo = (training: Training, call: WorkerCall): [FromWorker, ArrayBuffer[]?] => {
  const { id } = call;
  try {
    const value = resultOf(training, call);
    const moved = value && 'memory' in value ? memoryBuffers(value.memory) : [];
    return [{ kind: 'answer', id, value }, moved];
  } catch (error) {
    return [{ kind: 'refusal', id, error: crossing(error) }];
  }
};

const resultOf = (training: Training, call: WorkerCall): WorkerAnswer => {
  if (!workerMethods.includes(call.method)) throw new Error(`there is no method ${call.method}`);
  // The arguments are those of the method, by the type of a call.
  const method = training[call.method] as (...args: readonly unknown[]) => WorkerAnswer;
  return method.apply(training, call.arguments);
};

const stateOf = ({ source, shape, rejections }: Training): RemoteState => ({
  source: {
    name: source.name,
    ...(source.buffer && { buffer: source.buffer }),
    isReplayable: source.isReplayable,
  },
  ...(shape && { shape }),
  rejections: { count: rejections.count, first: rejections.first },
});

if (parentPort) {
  try {
    train(parentPort, workerData as WorkerSettings);
  } catch (error) {
    parentPort.postMessage({ kind: 'ended', error: crossing(error) } satisfies FromWorker);
    parentPort.close();
  }
}
