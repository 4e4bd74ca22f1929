import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Checkpoint,
  CheckpointError,
  checksumBytes,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../snapshot/checkpoint.ts';

/** Options of {@link CheckpointFolder}. */
export interface CheckpointFolderOptions {
  /** How many of the newest files are kept: ≥ 1. Default 3. */
  readonly keep?: number;
}

/** What was found in a folder. */
export interface FoundCheckpoint {
  /** The newest that is whole. */
  readonly checkpoint: Checkpoint;
  /** Why newer ones were passed by, a line each. */
  readonly refused: readonly string[];
}

const filePattern = /^checkpoint-(\d{9})\.safetensors$/;
const unfinishedPattern = /^checkpoint-\d{9}\.unfinished$/;

/**
 * A folder with the newest few checkpoints of one model. A file is written under another name, synced
 * and renamed, and the folder is synced: whatever happens, each file under its name is whole.
 */
export class CheckpointFolder {
  readonly path: string;
  readonly #keep: number;
  #last: number;

  private constructor(path: string, keep: number, last: number) {
    this.path = path;
    this.#keep = keep;
    this.#last = last;
  }

  /** Makes the folder where there is none. Throws a {@link CheckpointError} where it cannot be used. */
  static async open(
    path: string,
    { keep = 3 }: CheckpointFolderOptions = {},
  ): Promise<CheckpointFolder> {
    if (!Number.isInteger(keep) || keep < 1) {
      throw new RangeError(`keep must be a whole number of at least 1, not ${keep}`);
    }
    try {
      await mkdir(path, { recursive: true });
      await removeUnfinished(path);
      // Better to hear now than at the first checkpoint that it cannot be written to.
      await write(join(path, unfinishedName(0)), new Uint8Array(1));
      await rm(join(path, unfinishedName(0)));
      return new CheckpointFolder(path, keep, (await numbers(path))[0] ?? 0);
    } catch (error) {
      throw new CheckpointError(`checkpoints cannot be kept in ${path}: ${reasonOf(error)}`, {
        cause: error,
      });
    }
  }

  /**
   * The newest checkpoint that is whole; undefined where there has been none. Throws a
   * {@link CheckpointError} where there are some and all are damaged: to begin anew would lose them.
   */
  async newest(): Promise<FoundCheckpoint | undefined> {
    const refused: string[] = [];
    for (const number of await numbers(this.path)) {
      const name = fileName(number);
      try {
        const checkpoint = decodeCheckpoint(checked(await readFile(join(this.path, name))));
        return { checkpoint, refused };
      } catch (error) {
        refused.push(`${name} is refused: ${reasonOf(error)}`);
      }
    }
    if (refused.length === 0) return undefined;
    const way = 'move the files elsewhere to begin anew';
    throw new CheckpointError(`${this.path} has no whole checkpoint: ${refused[0]}; ${way}`);
  }

  /** Adds a checkpoint; done when it is safe. Returns the name of its file. */
  async add(checkpoint: Checkpoint): Promise<string> {
    const [newest = 0] = await numbers(this.path);
    if (newest > this.#last) {
      throw new CheckpointError(`another process keeps its checkpoints in ${this.path} too`);
    }
    const number = this.#last + 1;
    const unfinished = join(this.path, unfinishedName(number));
    const name = fileName(number);
    await write(unfinished, sealed(encodeCheckpoint(checkpoint)));
    await rename(unfinished, join(this.path, name));
    this.#last = number;
    await syncFolder(this.path);
    const old = (await numbers(this.path)).slice(this.#keep);
    await Promise.all(old.map((past) => rm(join(this.path, fileName(past)), { force: true })));
    return name;
  }
}

const fileName = (number: number): string => `checkpoint-${pad(number)}.safetensors`;
const unfinishedName = (number: number): string => `checkpoint-${pad(number)}.unfinished`;
const pad = (number: number): string => String(number).padStart(9, '0');

/** Those of the files that are there, newest first. */
const numbers = async (path: string): Promise<number[]> =>
  (await readdir(path))
    .flatMap((name) => filePattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => other - one);

/** What a process left that was killed while it wrote. */
const removeUnfinished = async (path: string): Promise<void> => {
  const left = (await readdir(path)).filter((name) => unfinishedPattern.test(name));
  await Promise.all(left.map((name) => rm(join(path, name), { force: true })));
};

const write = async (path: string, bytes: Uint8Array): Promise<void> => {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** A name is safe when the folder that holds it is. Windows has no such call, and does it itself. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const digestOf = (file: Uint8Array): Buffer =>
  createHash('sha256')
    .update(file.subarray(0, file.length - checksumBytes))
    .digest();

const sealed = (file: Uint8Array): Uint8Array => {
  file.set(digestOf(file), file.length - checksumBytes);
  return file;
};

const checked = (file: Uint8Array): Uint8Array => {
  const isWhole =
    file.length > checksumBytes &&
    digestOf(file).equals(file.subarray(file.length - checksumBytes));
  // A file of another kind says so itself.
  if (isWhole) return file;
  decodeCheckpoint(file);
  throw new CheckpointError('its checksum is wrong: it is damaged');
};

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
