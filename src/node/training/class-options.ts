import type { Task } from '../../encode/task.ts';
import type { ClassWeights } from '../../learn/class-weights.ts';
import type { Threshold } from '../../learn/named-prediction.ts';
import type { PipelineOptions } from '../../pipeline.ts';
import type { Checkpoint } from '../../snapshot/checkpoint.ts';
import { SourceError } from '../../sources/source-error.ts';

/** What a user says about classes. */
export interface ClassOptions {
  /** How much the samples of each class count in learning; `balanced`: rare ones more. Default: all the same. */
  readonly classWeights?: ClassWeights | 'balanced';
  /** When one class is predicted though another is likelier. Default: the likeliest is. */
  readonly threshold?: Threshold;
}

/** What they make of a pipeline. Throws a SourceError where they are given and the target is a number. */
export const classParts = (
  task: Task,
  { classWeights, threshold }: ClassOptions,
): Pick<PipelineOptions, 'classWeights' | 'threshold'> => {
  if (task === 'regression' && (classWeights !== undefined || threshold !== undefined)) {
    const option = threshold === undefined ? '--class-weights' : '--threshold';
    throw new SourceError(
      `${option} is for classes, and the target is a number: use --task classification, or leave it out`,
    );
  }
  return {
    // The pool itself balances.
    ...(classWeights !== undefined && classWeights !== 'balanced' && { classWeights }),
    ...(threshold && { threshold }),
  };
};

/** The same as a checkpoint states it. */
export const classModel = ({ classWeights, threshold }: ClassOptions): Checkpoint['model'] => ({
  ...(classWeights !== undefined && { classWeights: JSON.stringify(classWeights) }),
  ...(threshold && { thresholdLabel: threshold.label, threshold: threshold.probability }),
});

/** What {@link classModel} has stated. */
export const classOptionsOf = (model: Checkpoint['model']): ClassOptions => {
  const { classWeights, thresholdLabel, threshold } = model;
  return {
    ...(typeof classWeights === 'string' && {
      classWeights: JSON.parse(classWeights) as ClassWeights | 'balanced',
    }),
    ...(typeof threshold === 'number' && {
      threshold: { label: String(thresholdLabel), probability: threshold },
    }),
  };
};
