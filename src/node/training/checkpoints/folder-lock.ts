import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { CheckpointError } from '../../../snapshot/checkpoint.ts';

/** The longest path of a Unix domain socket in bytes: 104 with its end on macOS, 108 on Linux. */
const socketPathBytesMax = 103;

/** A folder in which the processes that want one lock meet. */
class LockPlace {
  /** The path of the folder itself. */
  readonly folder: string;
  readonly #handle: FileHandle;

  private constructor(folder: string, handle: FileHandle) {
    this.folder = folder;
    this.#handle = handle;
  }

  /** The folder that is locked: reaches every process that shares it under one kernel. */
  static async inside(folder: string): Promise<LockPlace> {
    return new LockPlace(folder, await open(folder, 'r'));
  }

  /**
   * A folder of the machine, for a file system that holds no sockets. Its name follows from the device
   * and the number of the folder that is locked, so every path to that folder leads here.
   */
  static async beside(folder: string): Promise<LockPlace> {
    const { dev, ino } = await stat(folder, { bigint: true });
    const digest = createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 16);
    const path = join(tmpdir(), `rivulet-lock-${digest}`);
    const made = await mkdir(path, { recursive: true });
    // Other users may run the second process; the sticky bit keeps them from removing our socket.
    if (made !== undefined) await chmod(path, 0o1777);
    return LockPlace.inside(path);
  }

  /** The path of a file in it. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** A path of a file in it that is short enough for a socket. Throws a RangeError where there is none. */
  socket(name: string): string {
    const candidates = [this.file(name), relative(process.cwd(), this.file(name))];
    if (process.platform === 'linux') candidates.push(`/proc/self/fd/${this.#handle.fd}/${name}`);
    const short = candidates.find((path) => Buffer.byteLength(path) <= socketPathBytesMax);
    if (short !== undefined) return short;
    throw new RangeError(`the path is too long for a lock: at most ${socketPathBytesMax} bytes`);
  }

  /** Frees what it holds. */
  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Options of {@link FolderLock.acquire}. */
export interface FolderLockOptions {
  /** How long to wait for another holder to end, in ms: ≥ 0. Default 1,000. */
  readonly waitMs?: number;
}

/** Milliseconds between two attempts, and between two looks at the other contenders. */
const retryMs = 25;

/** How long to wait for a contender that neither holds the lock nor gives way: it may be stopped. */
const contenderMs = 10_000;

const socketPattern = /^\.lock-([0-9a-f]{16})$/;
const leftoverPattern = /^\.lock-([0-9a-f]{16})\.(starting|json)$/;

/**
 * The right of one process to write to a folder. The kernel ends it with the process, however that
 * ends, so nothing stale is left that blocks the next one.
 *
 * Each contender listens on a Unix domain socket of its own in the folder; a socket that refuses a
 * connection belongs to a process that has ended. Every socket listens before its owner looks at the
 * others, so of two contenders at least one sees the other. A contender gives way to a holder and to a
 * contender with a smaller name, and waits for the others to give way or to end before it holds the
 * lock. Names are random and never used again, so removing the file of a dead socket harms nobody.
 */
export class FolderLock {
  readonly #place: LockPlace | undefined;
  readonly #id: string;
  readonly #server: Server;

  private constructor(place: LockPlace | undefined, id: string, server: Server) {
    this.#place = place;
    this.#id = id;
    this.#server = server;
  }

  /** Takes the lock. Throws a {@link CheckpointError} where another process, or this one, holds it. */
  static async acquire(
    path: string,
    { waitMs = 1_000 }: FolderLockOptions = {},
  ): Promise<FolderLock> {
    if (!(waitMs >= 0)) throw new RangeError(`waitMs must be at least 0, not ${waitMs}`);
    const folder = await realpath(path);
    const deadline = performance.now() + waitMs;
    for (;;) {
      const result = await (process.platform === 'win32' ? piped(folder) : contended(folder));
      if (result.server) return new FolderLock(result.place, result.id, result.server);
      if (performance.now() >= deadline) {
        throw new CheckpointError(
          `${path} is in use by ${result.holder}: end that process first, or choose another folder`,
        );
      }
      await later(retryMs);
    }
  }

  /** Whether the lock still lies in the folder: false once the folder was removed or replaced. */
  async isInPlace(): Promise<boolean> {
    if (!this.#place) return true;
    const names = await readdir(this.#place.folder).catch((): string[] => []);
    return names.includes(socketName(this.#id));
  }

  /** Gives the lock back. */
  async release(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    await withdraw(this.#place, this.#id);
  }
}

/** One attempt: the lock itself, or who holds it. */
type Attempt =
  | { readonly server: Server; readonly id: string; readonly place?: LockPlace }
  | { readonly server?: undefined; readonly holder: string };

const socketName = (id: string): string => `.lock-${id}`;
const startingName = (id: string): string => `.lock-${id}.starting`;
const holderName = (id: string): string => `.lock-${id}.json`;

const contended = async (folder: string): Promise<Attempt> => {
  const id = randomBytes(8).toString('hex');
  const { place, server } = await entered(folder, id);
  try {
    const rival = await settled(place, id);
    if (rival === undefined) {
      await writeFile(place.file(holderName(id)), JSON.stringify(self()));
      return { server, id, place };
    }
    const holder = await describe(place, rival);
    await left(place, id, server);
    return { holder };
  } catch (error) {
    await left(place, id, server);
    throw error;
  }
};

/** Listens in the folder, or where its file system holds no sockets, at a place of the machine. */
const entered = async (
  folder: string,
  id: string,
): Promise<{ place: LockPlace; server: Server }> => {
  const place = await LockPlace.inside(folder);
  try {
    return { place, server: await listening(place, id) };
  } catch (error) {
    await place.close();
    if (!hasNoSockets(error)) throw error;
  }
  const elsewhere = await LockPlace.beside(folder);
  try {
    return { place: elsewhere, server: await listening(elsewhere, id) };
  } catch (error) {
    await elsewhere.close();
    throw error;
  }
};

const noSocketCodes = ['EPERM', 'EACCES', 'EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];

/** Whether sockets cannot be made there at all, as on FAT, many shares of a host, and overlong paths. */
const hasNoSockets = (error: unknown): boolean =>
  error instanceof RangeError ||
  noSocketCodes.includes((error as NodeJS.ErrnoException).code ?? '');

/** A socket appears under its name only when it listens: before, it looks like one that is dead. */
const listening = async (place: LockPlace, id: string): Promise<Server> => {
  const server = await served(place.socket(startingName(id)));
  try {
    await rename(place.file(startingName(id)), place.file(socketName(id)));
    return server;
  } catch (error) {
    await new Promise((resolve) => server.close(resolve));
    // Another contender took it for a leftover in the moment before it listened.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return listening(place, id);
    throw error;
  }
};

const served = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    // Other users must be able to see that it lives.
    server.listen({ path, readableAll: true, writableAll: true }, () => {
      server.off('error', reject).on('error', () => {});
      resolve(server.unref());
    });
  });

/** Waits until the lock is ours (undefined) or somebody else has precedence. */
const settled = async (place: LockPlace, id: string): Promise<string | undefined> => {
  const deadline = performance.now() + contenderMs;
  for (;;) {
    const names = await readdir(place.folder);
    const ids = names.flatMap((name) => socketPattern.exec(name)?.[1] ?? []);
    const others = ids.filter((other) => other !== id);
    const states = await Promise.all(others.map((other) => isAlive(place, socketName(other))));
    const alive = others.filter((_, i) => states[i]);
    await removeDead(place, names, new Set([...alive, id]));
    if (alive.length === 0) return undefined;
    const held = alive.find((other) => names.includes(holderName(other)));
    const isLate = performance.now() >= deadline;
    const first = held ?? alive.find((other) => other < id || isLate);
    if (first !== undefined) return first;
    await later(retryMs);
  }
};

/** Only a refused connection proves that the owner of a socket has ended. */
const isAlive = (place: LockPlace, name: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(place.socket(name));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    );
  });

/** Removes what killed processes have left. A file that another user owns may stay: it is harmless. */
const removeDead = async (
  place: LockPlace,
  names: readonly string[],
  alive: ReadonlySet<string>,
): Promise<void> => {
  for (const name of names) {
    const socket = socketPattern.exec(name)?.[1];
    const [, leftover, kind] = leftoverPattern.exec(name) ?? [];
    const id = socket ?? leftover;
    if (id === undefined || alive.has(id)) continue;
    const owner = kind === 'starting' ? name : socketName(id);
    if (kind !== undefined && (await isAlive(place, owner))) continue;
    await rm(place.file(name), { force: true }).catch(() => {});
  }
};

const withdraw = async (place: LockPlace | undefined, id: string): Promise<void> => {
  if (!place) return;
  for (const name of [holderName(id), socketName(id)]) {
    await rm(place.file(name), { force: true }).catch(() => {});
  }
  await place.close();
};

const left = async (place: LockPlace, id: string, server: Server): Promise<void> => {
  await new Promise((resolve) => server.close(resolve));
  await withdraw(place, id);
};

/** Windows has no sockets in folders; of its pipes, one process at a time owns a name. */
const piped = async (folder: string): Promise<Attempt> => {
  const digest = createHash('sha256').update(folder.toLowerCase()).digest('hex').slice(0, 16);
  try {
    return { server: await served(`\\\\.\\pipe\\rivulet-lock-${digest}`), id: digest };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return { holder: unknownHolder };
    throw error;
  }
};

const unknownHolder = 'another process';

const self = () => ({ pid: process.pid, host: hostname(), since: new Date().toISOString() });

const describe = async (place: LockPlace, id: string): Promise<string> => {
  try {
    const text = await readFile(place.file(holderName(id)), 'utf8');
    const { pid, host } = JSON.parse(text) as Partial<ReturnType<typeof self>>;
    if (typeof pid !== 'number' || typeof host !== 'string') return unknownHolder;
    return pid === process.pid && host === hostname()
      ? 'this process'
      : `process ${pid} on ${host}`;
  } catch {
    return unknownHolder;
  }
};

const later = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
