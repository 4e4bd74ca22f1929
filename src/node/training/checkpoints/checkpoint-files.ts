import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Checkpoint,
  CheckpointError,
  checksumBytes,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../snapshot/checkpoint.ts';
import { diskReason } from './disk-errors.ts';

/** What was found in a folder. */
export interface FoundCheckpoint {
  /** The newest that is whole. */
  readonly checkpoint: Checkpoint;
  /** Why newer ones were skipped, one line each. */
  readonly refused: readonly string[];
}

// Nine digits last for 30 years at one a second; durable feeding may ask for more.
const filePattern = /^checkpoint-(\d{9,15})\.safetensors$/;
const unfinishedPattern = /^checkpoint-\d{9,15}\.unfinished$/;

const logPattern = /^fed-\d{9}\.log$/;

/** Whether a file is a checkpoint, or a part of the log of what was fed since. */
export const isOfModel = (name: string): boolean => filePattern.test(name) || logPattern.test(name);

/** The name of the checkpoint with this number. */
export const fileName = (number: number): string => `checkpoint-${pad(number)}.safetensors`;

/** The name under which it is written. */
export const unfinishedName = (number: number): string => `checkpoint-${pad(number)}.unfinished`;

/** Whether a file has such a name. */
export const isUnfinished = (name: string): boolean => unfinishedPattern.test(name);

const pad = (number: number): string => String(number).padStart(9, '0');

/** The numbers of the checkpoints that a folder has, newest first. */
export const numbersIn = async (path: string): Promise<number[]> =>
  (await readdir(path))
    .flatMap((name) => filePattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => other - one);

/**
 * The newest whole checkpoint of a folder; undefined where there has been none. Needs no lock. Throws a
 * {@link CheckpointError} where there are some and all are damaged: to begin anew would lose them.
 */
export const newestCheckpoint = async (path: string): Promise<FoundCheckpoint | undefined> => {
  const refused: string[] = [];
  const there = await numbersIn(path).catch(noneIfMissing);
  for (const number of there) {
    const name = fileName(number);
    try {
      return { checkpoint: await readCheckpoint(join(path, name)), refused };
    } catch (error) {
      // A process that writes has removed it meanwhile: there are newer ones.
      if (isMissing(error)) return newestCheckpoint(path);
      refused.push(`${name} is refused: ${diskReason(error)}`);
    }
  }
  if (refused.length === 0) return undefined;
  const way = 'move the files elsewhere, or start with --begin-anew';
  throw new CheckpointError(`${path} has no whole checkpoint: ${refused[0]}; ${way}`);
};

const isMissing = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';

const noneIfMissing = (error: unknown): number[] => {
  if (isMissing(error)) return [];
  throw error;
};

/** Reads and validates one file. Throws a {@link CheckpointError}, or an error of the system. */
export const readCheckpoint = async (path: string): Promise<Checkpoint> =>
  decodeCheckpoint(checked(await readFile(path)));

/** A checkpoint as the bytes of its file. */
export const checkpointBytes = (checkpoint: Checkpoint): Uint8Array => {
  const file = encodeCheckpoint(checkpoint);
  file.set(digestOf(file), file.length - checksumBytes);
  return file;
};

const digestOf = (file: Uint8Array): Buffer =>
  createHash('sha256')
    .update(file.subarray(0, file.length - checksumBytes))
    .digest();

const checked = (file: Uint8Array): Uint8Array => {
  const isWhole =
    file.length > checksumBytes &&
    digestOf(file).equals(file.subarray(file.length - checksumBytes));
  // A file of another kind says so itself.
  if (isWhole) return file;
  decodeCheckpoint(file);
  throw new CheckpointError('its checksum is wrong: it is damaged');
};
