import type { Observable } from 'rxjs';
import type {
  FeedOutcome,
  Model,
  Observation,
  Origin,
  Predictions,
  Row,
  RowAnswers,
  Steering,
} from '../../broadcast/model.ts';
import type { ModelDescription } from '../../broadcast/model-info.ts';
import type { Task } from '../../encode/task.ts';
import type { Audience } from '../../pipeline.ts';
import type { FreezeOptions, FrozenModel } from '../../snapshot/frozen-model.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import type { Rejection } from '../../stream/rejection.ts';
import type { BufferCounters } from '../../stream/waiting.ts';
import type { Capture } from './checkpoints/checkpointer.ts';

/** How many of the first rejections are kept for people to read. */
const keptMax = 5;

/** Counts the rows that could not be learned from, and keeps the first few. */
export class Rejections {
  readonly first: Rejection[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Takes one more. */
  add(rejection: Rejection): void {
    this.#count += 1;
    if (this.first.length < keptMax) this.first.push(rejection);
  }
}

/** A value, or the promise of it where it comes from another thread. */
type Soon<Value> = Value | Promise<Value>;

/** Where the samples of a training come from. */
export interface SourceState {
  /** What people call it. */
  readonly name: string;
  /** What waits in its buffer, and was dropped there; absent where it has none. */
  readonly buffer?: Readonly<Pick<BufferCounters, 'waiting' | 'dropped'>>;
  /** Whether it gives the same examples again after a restart. */
  readonly isReplayable: boolean;
}

/** What a training has learned so far, in numbers. */
export interface ModelShape {
  readonly task: Task;
  readonly inputCount: number;
  readonly outputCount: number;
}

/** A model that learns a source, in this thread or in another, and answers a server. */
export interface TrainingModel extends Model {
  readonly producers: Map<string, number>;
  readonly source: SourceState;
  /** What was rejected: how many, and the first few. */
  readonly rejections: { readonly count: number; readonly first: readonly Rejection[] };
  /** Absent until the first rows have come. */
  readonly shape: ModelShape | undefined;
  /** The features, inputs and outputs, as of the newest snapshot. */
  readonly description: ModelDescription;
  /** Trains for as long as it is subscribed to, and notifies the audience. Once. */
  snapshots(audience?: Audience): Observable<Snapshot>;
  predict(rows: readonly Row[]): Soon<Predictions>;
  ask<Name extends keyof RowAnswers>(name: Name, rows: readonly Row[]): Soon<RowAnswers[Name]>;
  feed(samples: readonly Observation[], origin?: Origin): Soon<FeedOutcome>;
  steer(steering: Steering): Soon<void>;
  freeze(options: FreezeOptions): Soon<FrozenModel>;
  /** All of the model at one moment; undefined before the first rows have come. */
  capture(): Soon<Capture | undefined>;
  /** Takes nothing any more; done when the last snapshot has come. */
  stop(): Soon<void>;
}

/** Samples that were dropped before a source, because its buffer was full. */
export const droppedBefore = ({ buffer }: SourceState): number => buffer?.dropped ?? 0;
