import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Checkpoint, CheckpointError } from '../../../snapshot/checkpoint.ts';
import {
  checkpointBytes,
  type FoundCheckpoint,
  fileName,
  isOfModel,
  isUnfinished,
  newestCheckpoint,
  numbersIn,
  unfinishedName,
} from './checkpoint-files.ts';
import { diskReason } from './disk-errors.ts';
import { FolderLock, type FolderLockOptions } from './folder-lock.ts';

/** Options of {@link CheckpointFolder}. */
export interface CheckpointFolderOptions extends FolderLockOptions {
  /** How many of the newest files are kept: ≥ 1. Default 3. */
  readonly keep?: number;
}

/**
 * A folder with the newest few checkpoints of one model, which one process at a time writes to. A file
 * is written under another name, synced and linked under its own, and the folder is synced: whatever
 * happens, each file under its name is whole, and none takes the place of another.
 */
export class CheckpointFolder {
  /** The path of the folder. */
  readonly path: string;
  readonly #keep: number;
  #lock: FolderLock;
  #last: number;

  private constructor(path: string, { keep, lock, last }: OpenedFolder) {
    this.path = path;
    this.#keep = keep;
    this.#lock = lock;
    this.#last = last;
  }

  /**
   * Makes the folder where there is none, and locks it until {@link close} or the end of the process.
   * Throws a {@link CheckpointError} where it cannot be used, or another process uses it.
   */
  static async open(
    path: string,
    { keep = 3, ...locking }: CheckpointFolderOptions = {},
  ): Promise<CheckpointFolder> {
    if (!Number.isInteger(keep) || keep < 1) {
      throw new RangeError(`keep must be a whole number of at least 1, not ${keep}`);
    }
    let lock: FolderLock | undefined;
    try {
      await makeFolder(path);
      lock = await FolderLock.acquire(path, locking);
      // Only now: without the lock, they may be what another process writes.
      await removeUnfinished(path);
      // Better to hear now than at the first checkpoint that it cannot be written to.
      await write(join(path, unfinishedName(0)), new Uint8Array(1));
      await rm(join(path, unfinishedName(0)));
      return new CheckpointFolder(path, { keep, lock, last: (await numbersIn(path))[0] ?? 0 });
    } catch (error) {
      await lock?.release();
      if (error instanceof CheckpointError || error instanceof RangeError) throw error;
      throw new CheckpointError(`checkpoints cannot be kept in ${path}: ${diskReason(error)}`, {
        cause: error,
      });
    }
  }

  /**
   * The newest checkpoint that is whole; undefined where there has been none. Throws a
   * {@link CheckpointError} where there are some and all are damaged: to begin anew would lose them.
   */
  newest(): Promise<FoundCheckpoint | undefined> {
    return newestCheckpoint(this.path);
  }

  /**
   * Adds a checkpoint; done when it is safe. Returns the name of its file. Where it throws, the
   * checkpoints of before are as they were, and nothing unfinished is left.
   */
  async add(checkpoint: Checkpoint): Promise<string> {
    await this.#holdLock();
    const [newest = 0] = await numbersIn(this.path);
    if (newest > this.#last) throw this.#shared();
    const number = this.#last + 1;
    const name = fileName(number);
    const unfinished = join(this.path, unfinishedName(number));
    try {
      await write(unfinished, checkpointBytes(checkpoint));
      await publish(unfinished, join(this.path, name));
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {});
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? this.#shared() : error;
    }
    this.#last = number;
    await syncFolder(this.path);
    await this.#removeOld();
    return name;
  }

  /**
   * Moves all checkpoints, and the log of what was fed since, into a folder within, so that a model can
   * begin anew. Returns the path of that folder; undefined where there were none.
   */
  async setAside(): Promise<string | undefined> {
    const old = (await readdir(this.path)).filter(isOfModel);
    if (old.length === 0) return undefined;
    const path = join(this.path, `replaced-${this.#last}`);
    await makeFolder(path);
    for (const name of old) await rename(join(this.path, name), join(path, name));
    await syncFolder(this.path);
    return path;
  }

  /** Gives the folder to the next process. Nothing may be added afterwards. */
  async close(): Promise<void> {
    await this.#lock.release();
  }

  /** A folder that was removed or replaced has taken the lock with it. */
  async #holdLock(): Promise<void> {
    if (await this.#lock.isInPlace()) return;
    const lock = await FolderLock.acquire(this.path, { waitMs: 0 });
    await this.#lock.release();
    this.#lock = lock;
  }

  /** One that cannot be removed costs space, but no checkpoint. */
  async #removeOld(): Promise<void> {
    const old = (await numbersIn(this.path)).slice(this.#keep);
    await Promise.allSettled(
      old.map((number) => rm(join(this.path, fileName(number)), { force: true })),
    );
  }

  #shared(): CheckpointError {
    return new CheckpointError(`another process writes checkpoints to ${this.path}`);
  }
}

/** What an open folder is made of. */
interface OpenedFolder {
  readonly keep: number;
  readonly lock: FolderLock;
  readonly last: number;
}

/**
 * Makes a folder and its parents. One by one: where a file system makes no folders, as /proc, the
 * recursive mkdir of Node never ends.
 */
const makeFolder = async (path: string): Promise<void> => {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path || (await exists(parent))) throw error;
    await makeFolder(parent);
    await mkdir(path).catch(async (again: NodeJS.ErrnoException) => {
      if (again.code !== 'EEXIST') throw again;
    });
  }
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const noLinkCodes = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'];

/**
 * Gives a file its own name. A link fails if that name exists, which renaming does not: if two processes
 * share a folder out of reach of the lock, one gets an error and nothing is lost.
 */
const publish = async (unfinished: string, path: string): Promise<void> => {
  try {
    await link(unfinished, path);
  } catch (error) {
    if (!noLinkCodes.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rename(unfinished, path);
    return;
  }
  await rm(unfinished, { force: true }).catch(() => {});
};

/** What a process left that was killed while it wrote. */
const removeUnfinished = async (path: string): Promise<void> => {
  const left = (await readdir(path)).filter(isUnfinished);
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
