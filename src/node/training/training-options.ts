import type { Task } from '../../encode/task.ts';
import type { OverflowPolicy } from '../../stream/waiting.ts';
import type { LearnerName } from './learner-choice.ts';

/** What serve, learn and evaluate have in common, as commander reads it. */
export interface TrainingOptions {
  readonly target?: string;
  readonly task?: Task;
  readonly seed: number;
  readonly samples?: number;
  readonly classesMax?: number;
  readonly featuresMax?: number;
  readonly json?: boolean;
  /** The file that rejected samples are appended to. */
  readonly rejects?: string;
  /** MiB of that file. Default 64. */
  readonly rejectsMax?: number;
  readonly learner: LearnerName;
  readonly rate?: number;
  readonly ahead: number;
  readonly id?: string;
  readonly time?: string;
  readonly follow?: boolean;
  readonly topic?: readonly string[];
  readonly clientId?: string;
  readonly qos?: 0 | 1 | 2;
  readonly mqttVersion?: 4 | 5;
  readonly wait: number;
  readonly buffer: number;
  readonly whenFull: OverflowPolicy;
}
