import type { Observable } from 'rxjs';
import type { Task } from '../../encode/task.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import type { Rejection } from '../../stream/rejection.ts';
import type { BufferCounters } from '../../stream/waiting.ts';

/** What people are told of a buffer. */
export type ShownBuffer = Readonly<Pick<BufferCounters, 'waiting' | 'dropped'>>;

/** A training as it is shown to people, wherever it runs. */
export interface ShownTraining {
  readonly source: { readonly name: string; readonly buffer?: ShownBuffer };
  /** What was left out. */
  readonly rejections: { readonly count: number; readonly first: readonly Rejection[] };
  /** Absent until the first rows have come. */
  readonly model:
    | {
        readonly task: Task;
        readonly learner: { readonly inputCount: number; readonly outputCount: number };
      }
    | undefined;
  /** Trains for as long as it is subscribed to. */
  snapshots(): Observable<Snapshot>;
}

/** Samples that were left out before a source, since there was no room for them to wait. */
export const droppedBefore = ({ buffer }: ShownTraining['source']): number => buffer?.dropped ?? 0;
