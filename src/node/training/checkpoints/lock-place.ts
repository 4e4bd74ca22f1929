import { createHash } from 'node:crypto';
import { chmod, type FileHandle, mkdir, open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** The longest path of a Unix domain socket in bytes: 104 with its end on macOS, 108 on Linux. */
const socketPathBytesMax = 103;

/** A folder in which the processes that want one lock meet. */
export class LockPlace {
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
