import { RejectsFile } from '../rejects/rejects-file.ts';
import { Misuse, oneLine } from './misuse.ts';
import type { TrainingOptions } from './training-options.ts';

/** The file that `--rejects` names, open; undefined where it was not given. */
export const openRejects = (
  specs: readonly string[],
  { rejects: path, rejectsMax, target, id, time }: TrainingOptions,
): RejectsFile | undefined => {
  if (path === undefined) {
    if (rejectsMax !== undefined) throw new Misuse('--rejects-max needs --rejects');
    return undefined;
  }
  const failed = ({ message }: Error): void => {
    process.stderr.write(`rivulet: rejects are no longer written: ${oneLine(message)}\n`);
  };
  try {
    return new RejectsFile(path, {
      source: specs.join(', '),
      failed,
      ...(rejectsMax !== undefined && { bytesMax: rejectsMax * 1_048_576 }),
      ...(target !== undefined && { target }),
      ...(id !== undefined && { id }),
      ...(time !== undefined && { time }),
    });
  } catch (error) {
    throw new Misuse(`rejects cannot be written to ${path}: ${(error as Error).message}`);
  }
};
