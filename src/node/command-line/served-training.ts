import { availableParallelism } from 'node:os';
import type { Broadcaster } from '../../broadcast/broadcaster.ts';
import type { Model } from '../../broadcast/model.ts';
import type { ModelDescription } from '../../broadcast/model-info.ts';
import { standardMetrics } from '../../evaluate/standard-metrics.ts';
import { Governor } from '../../stream/governor.ts';
import { broadcaster } from '../broadcaster.ts';
import { PipelineModel } from '../pipeline-model.ts';
import { startThread } from '../start-thread.ts';
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
}

/** Milliseconds between two snapshots. */
const everyMs = 33;

/**
 * Trains in a thread of its own, unless that is not wanted, the source cannot go there (standard
 * input belongs to this thread), or there is one core for both.
 */
export const serveTraining = (
  specs: readonly string[],
  { worker = availableParallelism() > 1, ...options }: TrainingOptions & { worker?: boolean },
): ServedTraining => {
  if (!worker) return inThisThread(specs, options);
  if (!specs.includes('-')) return inWorker(specs, options);
  process.stderr.write('rivulet: standard input belongs to the main thread, so it trains there\n');
  return inThisThread(specs, options);
};

const describe =
  (specs: readonly string[], model: () => { readonly description: ModelDescription }) =>
  (): ModelDescription => ({
    source: { name: specs.join(', '), replayable: false },
    ...model().description,
  });

const inThisThread = (specs: readonly string[], options: TrainingOptions): ServedTraining => {
  const shown = broadcaster({
    description: describe(specs, () => model),
    lag: () => training.source.buffer?.waiting ?? 0,
  });
  const governor = new Governor();
  const model: PipelineModel = new PipelineModel({
    audience: shown,
    pipeline: () => training.model?.pipeline,
    governor,
  });
  const training: Training = openTraining(specs, options, {
    everyMs,
    audience: model,
    fed: model.fed,
    resets: model.resets,
    governor,
    metrics: standardMetrics,
  });
  return { training, shown, model };
};

const inWorker = (specs: readonly string[], options: TrainingOptions): ServedTraining => {
  const shown = broadcaster({
    description: describe(specs, () => remote),
    lag: () => remote.lag,
  });
  const settings: WorkerSettings = { specs, options, everyMs };
  const remote: RemoteTraining = new RemoteTraining(specs.join(', '), shown, () =>
    startThread('node/worker/training-worker', settings),
  );
  return { training: remote, shown, model: remote };
};
