import type { Broadcaster } from '../../../broadcast/broadcaster.ts';
import type { Checkpoint } from '../../../snapshot/checkpoint.ts';
import { defined } from '../../../stream/defined.ts';
import type { RejectionSink } from '../../../stream/rejection.ts';
import { broadcaster } from '../../server/broadcaster.ts';
import { droppedBefore, type TrainingModel } from '../../training/training-model.ts';

/** What a {@link broadcasterOf} a training is made of beside it. */
export interface BroadcasterOfOptions {
  /** What people call its source. */
  readonly name: string;
  /** The checkpoint that it resumes from. Its epoch is continued if nothing was learned after it. */
  readonly from: Checkpoint | undefined;
  /** Receives every rejection, also those of the wire. Default: nobody. */
  readonly rejected?: RejectionSink | undefined;
  /** Why no more samples come from the source; undefined while they may. Default: they always may. */
  readonly ended?: () => string | undefined;
  /** Whether there are checkpoints. */
  readonly hasCheckpoints: boolean;
}

/** The broadcaster of a training. */
export const broadcasterOf = (
  training: TrainingModel,
  { name, from, rejected, ended, hasCheckpoints }: BroadcasterOfOptions,
): Broadcaster =>
  broadcaster({
    description: () => ({
      source: {
        name,
        replayable: hasCheckpoints && training.source.isReplayable,
        ...defined({ ended: ended?.() }),
      },
      ...training.description,
    }),
    lag: () => training.source.buffer?.waiting ?? 0,
    dropped: () => droppedBefore(training.source),
    ...(rejected && { rejected }),
    ...(from?.isFinal && { continued: from.history }),
  });
