import { rememberLast } from '../../broadcast/producers.ts';
import { hasSecondCore, startThread } from '../threads/start-thread.ts';
import { contentOf } from './feed-log/frame.ts';
import { Training } from './training.ts';
import type { TrainingModel } from './training-model.ts';
import type { TrainingOptions } from './training-options.ts';
import type { WorkerSettings } from './worker/messages.ts';
import { RemoteTraining } from './worker/remote-training.ts';

/**
 * The training of a source, by the names that people call it. It begins when its snapshots are
 * subscribed to. It runs in a thread of its own unless `worker` is false, there is one core for both,
 * or the source is standard input, which belongs to this thread. Throws a SourceError where the source
 * is clearly impossible.
 */
export const startTraining = (
  specs: readonly string[],
  { worker = hasSecondCore, ...options }: TrainingOptions,
): TrainingModel =>
  worker && !specs.includes('-') ? trainElsewhere(specs, options) : new Training(specs, options);

const trainElsewhere = (
  specs: readonly string[],
  { connections, saved, ...others }: TrainingOptions,
): RemoteTraining => {
  // Functions cannot cross: the worker has metrics of its own.
  const {
    metrics: _metrics,
    tables: _tables,
    updates: _updates,
    rejected: _rejected,
    ...options
  } = others;
  const settings: WorkerSettings = {
    ...{ specs, options },
    hasCheckpoints: saved !== undefined,
  };
  return new RemoteTraining({
    name: specs.join(', '),
    start: () => startThread('node/training/worker/training-worker', settings),
    producers: producersAfter(options),
    ...(connections && { connections }),
    ...(saved && { saved }),
  });
};

/** The last number of each producer when all batches of the log have been learned. */
const producersAfter = ({
  from,
  replay = [],
}: Pick<TrainingOptions, 'from' | 'replay'>): Map<string, number> => {
  const numbers = new Map(from?.producers);
  for (const batch of replay) {
    const { origin } = contentOf(batch);
    if (origin) rememberLast(numbers, origin.producer, origin.upTo);
  }
  return numbers;
};
