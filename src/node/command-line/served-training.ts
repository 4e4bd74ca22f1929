import { availableParallelism } from 'node:os';
import type { Broadcaster } from '../../broadcast/broadcaster.ts';
import type { Model } from '../../broadcast/model.ts';
import type { ModelDescription } from '../../broadcast/model-info.ts';
import { standardMetrics } from '../../evaluate/standard-metrics.ts';
import type { Checkpoint } from '../../snapshot/checkpoint.ts';
import { Governor } from '../../stream/governor.ts';
import { broadcaster } from '../broadcaster.ts';
import type { Capture } from '../checkpoints/checkpointer.ts';
import { PipelineModel } from '../pipeline-model.ts';
import { startThread } from '../start-thread.ts';
import { captureOf } from '../training/resume.ts';
import type { ShownTraining } from '../training/shown-training.ts';
import type { Training } from '../training/training.ts';
import type { WorkerSettings } from '../worker/messages.ts';
import { RemoteTraining } from '../worker/remote-training.ts';
import { openTraining } from './open-training.ts';
import type { TrainingOptions } from './training-options.ts';

/** A training, who shows it, and what it answers with. */
export interface ServedTraining {
  readonly training: ShownTraining;
  readonly shown: Broadcaster;
  readonly model: Model & { stop(): void | Promise<void> };
  /** All of the model as it is at one moment. */
  readonly capture: () => Capture | undefined | Promise<Capture | undefined>;
}

/** What a {@link serveTraining} goes on with, and keeps. */
export interface ServedTrainingOptions extends TrainingOptions {
  /** Whether to train in a thread of its own. Default: where there are two cores. */
  readonly worker?: boolean;
  /** Where it goes on. Default: from nothing. */
  readonly from?: Checkpoint | undefined;
  /** Done when a checkpoint contains all that has been learned. Default: there are none. */
  readonly saved?: (() => Promise<void>) | undefined;
}

/** Milliseconds between two snapshots. */
const everyMs = 33;

/**
 * Trains in a thread of its own, unless that is not wanted, the source cannot go there (standard
 * input belongs to this thread), or there is one core for both.
 */
export const serveTraining = (
  specs: readonly string[],
  { worker = availableParallelism() > 1, ...options }: ServedTrainingOptions,
): ServedTraining => {
  if (!worker) return inThisThread(specs, options);
  if (!specs.includes('-')) return inWorker(specs, options);
  process.stderr.write('rivulet: standard input belongs to the main thread, so it trains there\n');
  return inThisThread(specs, options);
};

type Parts = Omit<ServedTrainingOptions, 'worker'>;

/** Who shows it: in the history of the checkpoint, if nothing was learned after that. */
const shownFor = (
  specs: readonly string[],
  { from, saved }: Pick<Parts, 'from' | 'saved'>,
  training: () => {
    readonly description: ModelDescription;
    readonly lag: number;
    readonly isReplayable: boolean;
  },
): Broadcaster =>
  broadcaster({
    description: () => ({
      source: {
        name: specs.join(', '),
        replayable: saved !== undefined && training().isReplayable,
      },
      ...training().description,
    }),
    lag: () => training().lag,
    ...(from?.isFinal && { continued: from.history }),
  });

const inThisThread = (
  specs: readonly string[],
  { from, saved, ...options }: Parts,
): ServedTraining => {
  const shown = shownFor(specs, { from, saved }, () => ({
    description: model.description,
    lag: training.source.buffer?.waiting ?? 0,
    isReplayable: training.source.isReplayable,
  }));
  const governor = new Governor();
  const model: PipelineModel = new PipelineModel({
    audience: shown,
    pipeline: () => training.model?.pipeline,
    governor,
    ...(from && { producers: from.producers }),
    ...(saved && { saved }),
  });
  const training: Training = openTraining(specs, options, {
    everyMs,
    audience: model,
    fed: model.fed,
    resets: model.resets,
    governor,
    metrics: standardMetrics,
    ...(from && { resume: from }),
  });
  return { training, shown, model, capture: () => captureOf(training, model.producers) };
};

const inWorker = (specs: readonly string[], { from, saved, ...options }: Parts): ServedTraining => {
  const shown = shownFor(specs, { from, saved }, () => remote);
  const settings: WorkerSettings = {
    ...{ specs, options, everyMs },
    ...(from && { resume: resumeOf(from) }),
  };
  const remote: RemoteTraining = new RemoteTraining({
    name: specs.join(', '),
    audience: shown,
    start: () => startThread('node/worker/training-worker', settings),
    ...(from && { producers: from.producers }),
    ...(saved && { saved }),
  });
  return { training: remote, shown, model: remote, capture: () => remote.capture() };
};

const resumeOf = ({ model, source, memory, producers }: Checkpoint) => ({
  ...{ model, source, memory, producers },
});
