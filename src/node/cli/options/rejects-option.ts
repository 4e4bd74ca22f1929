import { RejectsFile } from '../../training/rejects/rejects-file.ts';
import { isSameFile } from '../prediction/text-output.ts';
import { Misuse, oneLine } from '../terminal/misuse.ts';
import type { LearnCommandOptions } from './learn-options.ts';

/** The file that `--rejects` names, open; undefined without the option. */
export const openRejects = (
  specs: readonly string[],
  { rejects: path, rejectsMax, target, id, time }: LearnCommandOptions,
): RejectsFile | undefined => {
  if (path === undefined) {
    if (rejectsMax !== undefined) throw new Misuse('--rejects-max needs --rejects');
    return undefined;
  }
  const own = specs.find((spec) => isSameFile(spec, path));
  if (own !== undefined) {
    throw new Misuse(`--rejects ${path} is the source ${own}: choose another file`);
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
