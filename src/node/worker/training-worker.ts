import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ModelDescription } from '../../broadcast/model-info.ts';
import { standardMetrics } from '../../evaluate/standard-metrics.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import { Governor } from '../../stream/governor.ts';
import { openTraining } from '../command-line/open-training.ts';
import { PipelineModel } from '../pipeline-model.ts';
import { captureOf } from '../training/resume.ts';
import type { Training } from '../training/training.ts';
import { wallClock } from '../wall-clock.ts';
import { crossing } from './crossed-error.ts';
import type { Answer, FromWorker, ToWorker, TrainingState, WorkerSettings } from './messages.ts';
import { memoryBuffers, snapshotBuffers } from './moved-buffers.ts';

/** The whole stream in a thread of its own: only snapshots, news and samples cross. */
const train = (port: MessagePort, { specs, options, everyMs, resume }: WorkerSettings): void => {
  const tell = (message: FromWorker, moved: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, moved);
  const governor = new Governor();
  let described: ModelDescription | undefined;
  const model: PipelineModel = new PipelineModel({
    audience: {
      publish: (snapshot: Snapshot) => {
        const { description } = model;
        const news = description === described ? {} : { description };
        described = description;
        const [at, state] = [wallClock.now(), stateOf(training)];
        tell({ kind: 'snapshot', snapshot, at, state, ...news }, snapshotBuffers(snapshot));
      },
      event: (event) => tell({ kind: 'event', event }),
      reject: (rejection) => tell({ kind: 'rejection', rejection }),
    },
    pipeline: () => training.model?.pipeline,
    governor,
    ...(resume && { producers: resume.producers }),
  });
  const training: Training = openTraining(specs, options, {
    everyMs,
    audience: model,
    fed: model.fed,
    resets: model.resets,
    governor,
    metrics: standardMetrics,
    ...(resume && { resume }),
  });
  const subscription = training.snapshots().subscribe({
    error: (error: unknown) => tell({ kind: 'ended', error: crossing(error) }),
    complete: () => tell({ kind: 'ended', state: stateOf(training) }),
  });
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') {
      governor.pause();
      // One more snapshot, which has what was fed last.
      setTimeout(() => {
        subscription.unsubscribe();
        model.stop();
        port.close();
      }, 2 * everyMs);
      return;
    }
    try {
      const value = answer({ model, training }, message);
      const moved = value && 'memory' in value ? memoryBuffers(value.memory) : [];
      tell({ kind: 'answer', id: message.id, value }, moved);
    } catch (error) {
      tell({ kind: 'refusal', id: message.id, error: crossing(error) });
    }
  });
};

interface Asked {
  readonly model: PipelineModel;
  readonly training: Training;
}

const answer = (
  { model, training }: Asked,
  question: Extract<ToWorker, { kind: 'ask' }>,
): Answer => {
  if (question.method === 'predict') return model.predict(question.argument);
  if (question.method === 'capture') return captureOf(training, model.producers);
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
  lag: source.buffer?.waiting ?? 0,
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
