import type {
  FeedOutcome,
  Observation,
  Origin,
  Predictions,
  Row,
  Steering,
} from '../../../broadcast/model.ts';
import type { ModelDescription } from '../../../broadcast/model-info.ts';
import type { Task } from '../../../encode/task.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import type { ConnectionEvent } from '../../../sources/connection-event.ts';
import type { StreamEvent } from '../../../stream/event.ts';
import type { Rejection } from '../../../stream/rejection.ts';
import type { CrossedError } from '../../threads/crossed-error.ts';
import type { Capture } from '../checkpoints/checkpointer.ts';
import type { LoggedBatch } from '../feed-log/frame.ts';
import type { Resume } from '../resume.ts';
import type { ShownBuffer } from '../shown-training.ts';
import type { TrainingOptions } from '../training-options.ts';

/** What a worker is told to train on. All of it can be cloned. */
export interface WorkerSettings {
  readonly specs: readonly string[];
  readonly options: TrainingOptions;
  readonly everyMs: number;
  /** Whether there are checkpoints, so that `keep` is answered. Default no. */
  readonly hasCheckpoints?: boolean;
  /** Where it goes on. Absent: it begins. */
  readonly resume?: Resume & Pick<Capture, 'producers'>;
  /** Batches to be learned again, from the log of fed samples. Default: none. */
  readonly replay?: readonly LoggedBatch[];
}

/** What is asked of a worker. */
export type WorkerQuestion =
  | { readonly method: 'predict'; readonly argument: readonly Row[] }
  | {
      readonly method: 'feed';
      readonly argument: { readonly samples: readonly Observation[]; readonly origin?: Origin };
    }
  | { readonly method: 'capture'; readonly argument?: undefined }
  | { readonly method: 'steer'; readonly argument: Steering };

/** What crosses to a worker. */
export type ToWorker =
  | ({ readonly kind: 'ask'; readonly id: number } & WorkerQuestion)
  /** All that was learned when `keep` was said is durable; or why it is not. */
  | { readonly kind: 'kept'; readonly id: number; readonly error?: CrossedError }
  | { readonly kind: 'stop' };

/** How a training comes along, beside its snapshots. */
export interface TrainingState {
  readonly source: string;
  readonly task?: Task;
  readonly inputCount: number;
  readonly outputCount: number;
  readonly rejections: { readonly count: number; readonly first: readonly Rejection[] };
  /** What waits before it, and was left out there; absent where it has no buffer. */
  readonly buffer?: ShownBuffer;
  /** Whether its source gives the same again after a restart. */
  readonly isReplayable: boolean;
}

/** What crosses from a worker. */
export type FromWorker =
  | {
      readonly kind: 'snapshot';
      readonly snapshot: Snapshot;
      /** When it was taken: milliseconds since the Unix epoch. */
      readonly at: number;
      readonly state: TrainingState;
      /** Only where it is another than before: it may be long. */
      readonly description?: ModelDescription;
    }
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'connection'; readonly event: ConnectionEvent }
  /** `raw` only where rejections are written to a file. */
  | { readonly kind: 'rejection'; readonly rejection: Rejection; readonly raw?: unknown }
  /** Asks for a checkpoint of all that has been learned. */
  | { readonly kind: 'keep'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: Answer }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: CrossedError }
  | { readonly kind: 'ended'; readonly error?: CrossedError; readonly state?: TrainingState };

/** What a question may be answered with. */
export type Answer = Predictions | FeedOutcome | Capture | undefined;
