import type { Task } from '../../encode/task.ts';
import type { Metrics } from '../../evaluate/metric.ts';
import type { PipelineOptions } from '../../pipeline.ts';
import type { Checkpoint } from '../../snapshot/checkpoint.ts';
import type { ConnectionEventSink } from '../../sources/connection-event.ts';
import type { RejectionSink } from '../../stream/rejection.ts';
import type { SourceOptions } from '../sources/source-options.ts';
import type { ClassOptions } from './class-options.ts';
import type { LoggedBatch } from './feed-log/frame.ts';
import type { LearnerName } from './learner-choice.ts';

/**
 * How to train on a source: what a user says, in the words of the command line, and what a program
 * adds to it.
 */
export interface TrainingOptions extends SourceOptions, ClassOptions {
  readonly learner: LearnerName;
  /** Of the initial weights and of every shuffle: a whole number. */
  readonly seed: number;
  /** Default: what the source knows, else what its first rows suggest. */
  readonly task?: Task;
  /** Training stops after this many learned samples: at least 1. Default: with the source. */
  readonly samples?: number;
  /** Classes, at most; a sample of one more is rejected. Default 1,000. */
  readonly classesMax?: number;
  /** Features of a record, at most; a record with more is rejected. Default 16,384. */
  readonly featuresMax?: number;
  /** Milliseconds between two snapshots: above 0. Default 33. */
  readonly everyMs?: number;
  /** Whether to train in a thread of its own. Default: where there are two cores. */
  readonly worker?: boolean;
  /** What is measured, by the task. Default: the standard metrics; always those in a worker. */
  readonly metrics?: (task: Task) => Metrics;
  /** Tables beside the metrics, by the task, of a training in this thread. Default: none. */
  readonly tables?: (task: Task) => NonNullable<PipelineOptions['tables']>;
  /** Receives each update of a training in this thread before it is scored. Default: nobody. */
  readonly updates?: NonNullable<PipelineOptions['updates']>;
  /** The checkpoint to resume from. Default: none. */
  readonly from?: Resume;
  /** Batches of a log that are learned again, before others are fed. Default: none. */
  readonly replay?: readonly LoggedBatch[];
  /** Receives every rejection of a training in this thread, beside its audience. Default: nobody. */
  readonly rejected?: RejectionSink;
  /** Whether a rejection in a worker crosses with its raw value, as a file of rejects needs it. Default false. */
  readonly rawRejections?: boolean;
  /** Notified when a connection changes or a source restarts. Default: nobody. */
  readonly connections?: ConnectionEventSink;
  /** Done when a checkpoint contains all that has been learned. Default: there are no checkpoints. */
  readonly saved?: () => Promise<void>;
}

/** What a training needs of a checkpoint to resume. */
export type Resume = Pick<Checkpoint, 'model' | 'source' | 'memory' | 'fed'> &
  Partial<Pick<Checkpoint, 'producers'>>;
