import type { Task } from '../../encode/task.ts';
import type { Learner } from '../../learn/learner.ts';
import { type Checkpoint, CheckpointError } from '../../snapshot/checkpoint.ts';
import type { LearnerName } from './learner-choice.ts';
import type { Resume } from './training-options.ts';

/** What a training needs of a checkpoint: all of it can cross to a worker. */
export const resumeOf = ({ model, source, memory, producers, fed }: Checkpoint): Resume => ({
  ...{ model, source, memory, producers },
  ...(fed && { fed }),
});

/** The options that a checkpoint must agree with. */
export interface Wanted {
  readonly learner: LearnerName;
  readonly task?: Task;
  readonly target?: string;
  /** Of the first weights and of every shuffle, which a source is read again with. */
  readonly seed?: number;
}

/** Throws a {@link CheckpointError} if a checkpoint is of another model than the options ask for. */
export const checkResume = (model: Resume['model'], wanted: Wanted): void => {
  for (const name of ['learner', 'task', 'target', 'seed'] as const) {
    const [is, asked] = [model[name], wanted[name]];
    if (asked === undefined || is === asked) continue;
    // The target is empty where a source has its own.
    const stated = is === undefined || is === '' ? `no --${name}` : `--${name} ${is}`;
    throw new CheckpointError(
      `the checkpoint is of a model with ${stated}, not ${asked}: ` +
        'use the same option, or another folder for the checkpoints of this model',
    );
  }
};

/** Throws a {@link CheckpointError} where a checkpoint states another composition than a learner does. */
export const checkComposition = (
  { composition = '' }: Resume['model'],
  { composition: own = '' }: Pick<Learner, 'composition'>,
): void => {
  if (composition === '' || composition === own) return;
  throw new CheckpointError(`it is of a ${composition}, and this version makes a ${own}`);
};
