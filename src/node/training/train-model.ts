import { Busy } from '../../broadcast/model.ts';
import { standardMetrics } from '../../evaluate/standard-metrics.ts';
import type { Audience } from '../../pipeline.ts';
import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import { Governor } from '../../stream/governor.ts';
import type { Capture } from './checkpoints/checkpointer.ts';
import { FeedReplay } from './feed-log/feed-replay.ts';
import type { LoggedBatch } from './feed-log/frame.ts';
import { openTraining } from './open-training.ts';
import { PipelineModel, type PipelineModelOptions } from './pipeline-model.ts';
import type { Resume } from './resume.ts';
import type { Training } from './training.ts';
import type { TrainingOptions } from './training-options.ts';

/** What a {@link trainModel} is told beside what the user said. */
export interface TrainModelExtras extends Pick<PipelineModelOptions, 'saved'> {
  /** Milliseconds between two snapshots. */
  readonly everyMs: number;
  /** Who is told what the stream does. */
  readonly audience: Audience;
  /** Notified when a connection changes or a source restarts. Default: nobody. */
  readonly connections?: ConnectionEventSink | undefined;
  /** Where it goes on. Default: from nothing. */
  readonly resume?: (Resume & Pick<Capture, 'producers'>) | undefined;
  /** Batches to be learned again before others are fed. Default: none. */
  readonly replay?: readonly LoggedBatch[];
}

/** After so many milliseconds there may be a model. */
const beginMs = 500;

/** A training, the model that answers for it, and what slows, stops and starts both. */
export interface TrainedModel {
  readonly training: Training;
  readonly model: PipelineModel;
  readonly governor: Governor;
}

/** A training that can be asked, fed and steered, in whichever thread this is. */
export const trainModel = (
  specs: readonly string[],
  options: TrainingOptions,
  { everyMs, audience, connections, resume, replay: batches = [], saved }: TrainModelExtras,
): TrainedModel => {
  const governor = new Governor();
  const replay = new FeedReplay(batches);
  const model = new PipelineModel({
    audience,
    pipeline: () => training.model?.pipeline,
    governor,
    replay,
    position: () => training.position,
    ...(resume && { producers: resume.producers, fed: resume.fed }),
    ...(saved && { saved }),
  });
  const training: Training = openTraining(specs, options, {
    everyMs,
    audience: model,
    connections,
    fed: model.fed,
    resets: model.resets,
    governor,
    replay,
    metrics: standardMetrics,
    ...(resume && { resume }),
    ...(saved && { kept: () => keep(training, saved) }),
  });
  return { training, model, governor };
};

/** Without a model there is no checkpoint, and what waits for the first rows is not durable. */
const keep = async ({ model }: Training, saved: () => Promise<void>): Promise<void> => {
  if (!model) throw new Busy('there is no model yet', beginMs);
  await saved();
};
