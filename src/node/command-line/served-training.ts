import type { Broadcaster } from '../../broadcast/broadcaster.ts';
import type { Model } from '../../broadcast/model.ts';
import type { ModelDescription } from '../../broadcast/model-info.ts';
import type { Checkpoint } from '../../snapshot/checkpoint.ts';
import { broadcaster } from '../broadcaster.ts';
import type { Capture } from '../checkpoints/checkpointer.ts';
import { hasSecondCore, startThread } from '../start-thread.ts';
import { captureOf } from '../training/resume.ts';
import { droppedBefore, type ShownTraining } from '../training/shown-training.ts';
import type { WorkerSettings } from '../worker/messages.ts';
import { RemoteTraining } from '../worker/remote-training.ts';
import { type TrainedModel, trainModel } from './train-model.ts';
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
export const everyMs = 33;

/**
 * Trains in a thread of its own, unless that is not wanted, the source cannot go there (standard
 * input belongs to this thread), or there is one core for both.
 */
export const serveTraining = (
  specs: readonly string[],
  { worker = hasSecondCore, ...options }: ServedTrainingOptions,
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
    readonly source: ShownTraining['source'];
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
    lag: () => training().source.buffer?.waiting ?? 0,
    dropped: () => droppedBefore(training().source),
    ...(from?.isFinal && { continued: from.history }),
  });

const inThisThread = (
  specs: readonly string[],
  { from, saved, ...options }: Parts,
): ServedTraining => {
  const shown = shownFor(specs, { from, saved }, () => ({
    description: trained.model.description,
    source: trained.training.source,
    isReplayable: trained.training.source.isReplayable,
  }));
  const trained: TrainedModel = trainModel(specs, options, {
    everyMs,
    audience: shown,
    ...(from && { resume: from }),
    ...(saved && { saved }),
  });
  const { training, model } = trained;
  return { training, shown, model, capture: () => captureOf(training, model.producers) };
};

const inWorker = (specs: readonly string[], { from, saved, ...options }: Parts): ServedTraining => {
  const shown = shownFor(specs, { from, saved }, () => remote);
  const settings: WorkerSettings = {
    specs,
    options,
    everyMs,
    hasCheckpoints: saved !== undefined,
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
  model,
  source,
  memory,
  producers,
});
