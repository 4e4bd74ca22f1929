import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ModelDescription } from '../../../broadcast/model-info.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { crossing } from '../../threads/crossed-error.ts';
import { memoryBuffers, snapshotBuffers } from '../../threads/moved-buffers.ts';
import { wallClock } from '../../threads/wall-clock.ts';
import { captureOf } from '../resume.ts';
import { type TrainedModel, trainModel } from '../train-model.ts';
import type { Training } from '../training.ts';
import type { Answer, FromWorker, ToWorker, TrainingState, WorkerSettings } from './messages.ts';
import { RemoteKeeping } from './remote-keeping.ts';

/** The whole stream in a thread of its own: only snapshots, news and samples cross. */
const train = (
  port: MessagePort,
  { specs, options, everyMs, hasCheckpoints, resume, replay }: WorkerSettings,
): void => {
  const tell = (message: FromWorker, moved: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, moved);
  const keeping = new RemoteKeeping((id) => tell({ kind: 'keep', id }));
  let described: ModelDescription | undefined;
  const trained: TrainedModel = trainModel(specs, options, {
    everyMs,
    audience: {
      publish: (snapshot: Snapshot) => {
        const { description } = trained.model;
        const news = description === described ? {} : { description };
        described = description;
        const [at, state] = [wallClock.now(), stateOf(trained.training)];
        tell({ kind: 'snapshot', snapshot, at, state, ...news }, snapshotBuffers(snapshot));
      },
      event: (event) => tell({ kind: 'event', event }),
      reject: (rejection) => {
        const raw = options.rejects === undefined ? undefined : rejection.raw;
        tell({ kind: 'rejection', rejection, ...(raw === undefined ? {} : { raw }) });
      },
    },
    connections: { next: (event) => tell({ kind: 'connection', event }) },
    resume,
    ...(replay && { replay }),
    ...(hasCheckpoints && { saved: () => keeping.ask() }),
  });
  const { training, model, governor } = trained;
  const subscription = training.snapshots().subscribe({
    error: (error: unknown) =>
      tell({ kind: 'ended', error: crossing(error), state: stateOf(training) }),
    complete: () => tell({ kind: 'ended', state: stateOf(training) }),
  });
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'kept') {
      keeping.answer(message);
      return;
    }
    if (message.kind === 'stop') {
      governor.pause();
      // One more snapshot, which has what was fed last.
      setTimeout(() => {
        subscription.unsubscribe();
        model.stop();
        tell({ kind: 'ended', state: stateOf(training) });
        // What a broker's messages were learned to is asked for now, and they are acknowledged then.
        setImmediate(() => void keeping.settled().then(() => port.close()));
      }, 2 * everyMs);
      return;
    }
    try {
      const value = answer(trained, message);
      const moved = value && 'memory' in value ? memoryBuffers(value.memory) : [];
      tell({ kind: 'answer', id: message.id, value }, moved);
    } catch (error) {
      tell({ kind: 'refusal', id: message.id, error: crossing(error) });
    }
  });
};

const answer = (
  { model, training }: TrainedModel,
  question: Extract<ToWorker, { kind: 'ask' }>,
): Answer => {
  if (question.method === 'predict') return model.predict(question.argument);
  if (question.method === 'capture') return captureOf(training, model);
  if (question.method === 'feed') {
    return model.feed(question.argument.samples, question.argument.origin);
  }
  model.steer(question.argument);
  return undefined;
};

const stateOf = ({ source, model, rejections }: Training): TrainingState => ({
  source: source.name,
  ...(model && { task: model.task }),
  inputCount: model?.learner.inputCount ?? 0,
  outputCount: model?.learner.outputCount ?? 0,
  rejections: { count: rejections.count, first: rejections.first },
  ...(source.buffer && { buffer: source.buffer }),
  isReplayable: source.isReplayable,
});

if (parentPort) {
  try {
    train(parentPort, workerData as WorkerSettings);
  } catch (error) {
    parentPort.postMessage({ kind: 'ended', error: crossing(error) } satisfies FromWorker);
    parentPort.close();
  }
}
