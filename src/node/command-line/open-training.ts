import type { Audience } from '../../pipeline.ts';
import type { Governor } from '../../stream/governor.ts';
import { openSource } from '../training/open-source.ts';
import { Training, type TrainingSettings } from '../training/training.ts';
import type { TrainingOptions } from './training-options.ts';

/** What a command adds to what the user said. */
export type TrainingExtras = Pick<TrainingSettings, 'everyMs' | 'metrics' | 'fed' | 'resets'> & {
  readonly passes?: number;
  readonly audience?: Audience;
  readonly governor?: Governor;
};

/** The training that the command line asks for. It begins when its snapshots are subscribed to. */
export const openTraining = (
  spec: string,
  options: TrainingOptions,
  extras: TrainingExtras,
): Training =>
  new Training((rejected) => openSource(spec, { ...options, ...extras, rejected }), {
    ...options,
    ...extras,
  });
