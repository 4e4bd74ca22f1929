import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SourceError } from '../../sources/source-error.ts';

/** How far the clock of a file system may lag behind that of the process: it ticks more rarely. */
const clockLagMs = 20;

/** Whoever compresses a rotated file gives it such a name: it has been read already. */
const packed = /\.(gz|bz2|xz|zst|zip|lz4)$/;

interface Opened {
  readonly file: FileHandle;
  readonly stats: BigIntStats;
}

/**
 * The files that have one name one after the other, as rotation has it: each is renamed, such as from
 * `log` to `log.1`, before the next takes its name. Those that came and went between two looks are
 * found in the same folder by a name that begins the same, and by when they were born: a copy that
 * somebody made earlier is none of them.
 */
export class Succession {
  readonly #folder: string;
  readonly #name: string;
  readonly #known = new Set<string>();
  /** When a known file was last seen under the name. */
  #seenMs = Date.now();

  constructor(path: string) {
    this.#folder = dirname(path);
    this.#name = basename(path);
  }

  /** Opens the file that has the name now. Throws a SourceError where that cannot be read. */
  async first(): Promise<FileHandle> {
    const path = join(this.#folder, this.#name);
    try {
      const stats = await statOf(path);
      if (stats?.isFile() === false) throw new SourceError(`${path} is no file that grows`);
      const opened = await this.#openIfNew(this.#name);
      if (opened !== undefined) return opened.file;
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw new SourceError(`cannot read ${path}: ${(error as Error).message}`);
    }
    throw new SourceError(`cannot read ${path}: there is no such file`);
  }

  /** Opens those that have come since, the oldest first. The last of them had the name just now. */
  async next(): Promise<FileHandle[]> {
    if (!(await this.#isAnother())) return [];
    const all: Opened[] = [];
    // A listing may miss what is renamed meanwhile: the last one finds nothing new.
    for (let found = await this.#openNew(); found.length > 0; found = await this.#openNew()) {
      all.push(...found);
    }
    return all.sort(byAge).map(({ file }) => file);
  }

  /** Whether a file that is not known has the name. */
  async #isAnother(): Promise<boolean> {
    const nowMs = Date.now();
    const stats = await statOf(join(this.#folder, this.#name));
    if (stats === undefined) return false;
    if (!this.#known.has(identityOf(stats))) return true;
    this.#seenMs = nowMs;
    return false;
  }

  async #openNew(): Promise<Opened[]> {
    const names = await readdir(this.#folder);
    const opened: Opened[] = [];
    for (const name of names) {
      if (!name.startsWith(this.#name) || packed.test(name)) continue;
      const one = await this.#openIfNew(name);
      if (one !== undefined) opened.push(one);
    }
    return opened;
  }

  async #openIfNew(name: string): Promise<Opened | undefined> {
    const path = join(this.#folder, name);
    const found = await statOf(path);
    if (found === undefined || !this.#isNew(name, found)) return undefined;
    const file = await open(path).catch(absent);
    if (file === undefined) return undefined;
    // By now the name may be that of another.
    const stats = await file.stat({ bigint: true });
    if (this.#isNew(name, stats)) {
      this.#known.add(identityOf(stats));
      return { file, stats };
    }
    await file.close();
    return undefined;
  }

  #isNew(name: string, stats: BigIntStats): boolean {
    if (!stats.isFile() || this.#known.has(identityOf(stats))) return false;
    return name === this.#name || Number(stats.birthtimeMs) >= this.#seenMs - clockLagMs;
  }
}

/** The number of a file is given again once it is deleted: to one that was born later. */
const identityOf = ({ dev, ino, birthtimeNs }: BigIntStats): string =>
  `${dev}:${ino}:${birthtimeNs}`;

const byAge = ({ stats: a }: Opened, { stats: b }: Opened): number =>
  Number(a.birthtimeNs - b.birthtimeNs) || Number(a.mtimeNs - b.mtimeNs);

const statOf = (path: string): Promise<BigIntStats | undefined> =>
  stat(path, { bigint: true }).catch(absent);

/** A file that is away is none; whatever else is wrong is wrong. */
const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error;
};
