import type { ModelDescription } from '../../../broadcast/model-info.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import type { ConnectionEvent } from '../../../sources/connection-event.ts';
import type { StreamEvent } from '../../../stream/event.ts';
import type { Rejection } from '../../../stream/rejection.ts';
import type { CrossedError } from '../../threads/crossed-error.ts';
import type { ModelShape, SourceState, TrainingModel } from '../training-model.ts';
import type { TrainingOptions } from '../training-options.ts';

/** What a worker trains on. All of it can be cloned. */
export interface WorkerSettings {
  readonly specs: readonly string[];
  readonly options: Omit<
    TrainingOptions,
    'metrics' | 'tables' | 'updates' | 'rejected' | 'connections' | 'saved'
  >;
  /** Whether there are checkpoints, so that `keep` is answered. Default false. */
  readonly hasCheckpoints?: boolean;
}

/** The methods of a training that another thread may call. */
export const workerMethods = ['ask', 'feed', 'steer', 'freeze', 'capture'] as const;

/** One of {@link workerMethods}. */
export type WorkerMethod = (typeof workerMethods)[number];

/** What a method of a training answers. */
export type WorkerAnswer<Method extends WorkerMethod = WorkerMethod> = Awaited<
  ReturnType<TrainingModel[Method]>
>;

/** The call of a method, as it crosses to a worker. */
export type WorkerCall = {
  [Method in WorkerMethod]: {
    readonly kind: 'call';
    readonly id: number;
    readonly method: Method;
    readonly arguments: Parameters<TrainingModel[Method]>;
  };
}[WorkerMethod];

/** What crosses to a worker. */
export type ToWorker =
  | WorkerCall
  /** All that was learned when `keep` was said is durable; or why it is not. */
  | { readonly kind: 'kept'; readonly id: number; readonly error?: CrossedError }
  | { readonly kind: 'stop' };

/** The state of a training, beside its snapshots. */
export interface RemoteState {
  readonly source: SourceState;
  readonly shape?: ModelShape;
  readonly rejections: { readonly count: number; readonly first: readonly Rejection[] };
}

/** What crosses from a worker. */
export type FromWorker =
  | {
      readonly kind: 'snapshot';
      readonly snapshot: Snapshot;
      /** The time of the snapshot: milliseconds since the Unix epoch. */
      readonly at: number;
      readonly state: RemoteState;
      /** Only if it differs from the one before: it may be long. */
      readonly description?: ModelDescription;
    }
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'connection'; readonly event: ConnectionEvent }
  | { readonly kind: 'rejection'; readonly rejection: Rejection; readonly raw?: unknown }
  /** Asks for a checkpoint of all that has been learned. */
  | { readonly kind: 'keep'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: WorkerAnswer }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: CrossedError }
  | { readonly kind: 'ended'; readonly error?: CrossedError; readonly state?: RemoteState };
