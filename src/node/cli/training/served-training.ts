import type { Broadcaster } from '../../../broadcast/broadcaster.ts';
import type { ModelDescription } from '../../../broadcast/model-info.ts';
import { rememberLast } from '../../../broadcast/producers.ts';
import type { Checkpoint } from '../../../snapshot/checkpoint.ts';
import type { RejectionSink } from '../../../stream/rejection.ts';
import { broadcaster } from '../../server/broadcaster.ts';
import { hasSecondCore, startThread } from '../../threads/start-thread.ts';
import type { Capture } from '../../training/checkpoints/checkpointer.ts';
import { contentOf, type LoggedBatch } from '../../training/feed-log/frame.ts';
import type { LoggableModel } from '../../training/feed-log/logged-model.ts';
import { captureOf } from '../../training/resume.ts';
import { droppedBefore, type ShownTraining } from '../../training/shown-training.ts';
import { type TrainedModel, trainModel } from '../../training/train-model.ts';
import type { TrainingOptions } from '../../training/training-options.ts';
import type { WorkerSettings } from '../../training/worker/messages.ts';
import { RemoteTraining } from '../../training/worker/remote-training.ts';
import { connectionLines } from '../terminal/connection-lines.ts';

/** A training, who shows it, and what it answers with. */
export interface ServedTraining {
  readonly training: ShownTraining;
  readonly shown: Broadcaster;
  readonly model: LoggableModel & { stop(): void | Promise<void> };
  /** All of the model as it is at one moment. */
  readonly capture: () => Capture | undefined | Promise<Capture | undefined>;
}

/** What a {@link serveTraining} goes on with, and keeps. */
export interface ServedTrainingOptions extends TrainingOptions {
  /** Whether to train in a thread of its own. Default: where there are two cores. */
  readonly worker?: boolean;
  /** Where it goes on. Default: from nothing. */
  readonly from?: Checkpoint | undefined;
  /** Batches of a log to be learned again. Default: none. */
  readonly replay?: readonly LoggedBatch[] | undefined;
  /** Told of every rejection. Default: nobody. */
  readonly rejected?: RejectionSink | undefined;
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
  { from, saved, rejected }: Pick<Parts, 'from' | 'saved' | 'rejected'>,
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
    ...(rejected && { rejected }),
    ...(from?.isFinal && { continued: from.history }),
  });

const inThisThread = (
  specs: readonly string[],
  { from, saved, replay, rejected, ...options }: Parts,
): ServedTraining => {
  const shown = shownFor(specs, { from, saved, rejected }, () => ({
    description: trained.model.description,
    source: trained.training.source,
    isReplayable: trained.training.source.isReplayable,
  }));
  const trained: TrainedModel = trainModel(specs, options, {
    everyMs,
    audience: shown,
    connections: connectionLines(process.stderr),
    ...(from && { resume: from }),
    ...(replay && { replay }),
    ...(saved && { saved }),
  });
  const { training, model } = trained;
  return { training, shown, model, capture: () => captureOf(training, model) };
};

const inWorker = (
  specs: readonly string[],
  { from, saved, replay, rejected, ...options }: Parts,
): ServedTraining => {
  const shown = shownFor(specs, { from, saved, rejected }, () => remote);
  const settings: WorkerSettings = {
    specs,
    options,
    everyMs,
    hasCheckpoints: saved !== undefined,
    ...(from && { resume: resumeOf(from) }),
    ...(replay && { replay }),
  };
  const remote: RemoteTraining = new RemoteTraining({
    name: specs.join(', '),
    audience: shown,
    connections: connectionLines(process.stderr),
    start: () => startThread('node/training/worker/training-worker', settings),
    producers: numbersAfter(from, replay),
    ...(saved && { saved }),
  });
  return { training: remote, shown, model: remote, capture: () => remote.capture() };
};

const resumeOf = ({ model, source, memory, producers, fed }: Checkpoint) => ({
  ...{ model, source, memory, producers },
  ...(fed && { fed }),
});

/** The producers' numbers when all batches of the log have been learned. */
const numbersAfter = (
  from: Checkpoint | undefined,
  replay: readonly LoggedBatch[] = [],
): Map<string, number> => {
  const numbers = new Map(from?.producers);
  for (const batch of replay) {
    const { origin } = contentOf(batch);
    if (origin) rememberLast(numbers, origin.producer, origin.upTo);
  }
  return numbers;
};
