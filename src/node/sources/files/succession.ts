import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SourceError } from '../../../sources/source-error.ts';

/** How far the clock of a file system may lag behind that of the process: it ticks more rarely. */
const clockLagMs = 20;

/** So often a file is looked for before it is gone. */
const looksMax = 3;

/** Whoever compresses a rotated file gives it such a name: it has been read already. */
const packed = /\.(gz|bz2|xz|zst|zip|lz4)$/;

/** One of the files that have had the name. */
export interface FollowedFile {
  readonly file: FileHandle;
  readonly identity: string;
  /** When it was last seen under the name, or else born: what came after it is not older. */
  seenMs: number;
}

interface Opened extends FollowedFile {
  /** The name that it had when it was opened. */
  readonly name: string;
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
  readonly #known = new Map<string, FollowedFile>();
  /** When a known file was last seen under the name. */
  #seenMs = Date.now();
  /** When the first was born, if it was looked for: what is not younger came before it. */
  #bornNs = -1n;

  constructor(path: string) {
    this.#folder = dirname(path);
    this.#name = basename(path);
  }

  /** Opens the file that has the name now. Throws a SourceError where that cannot be read. */
  async first(): Promise<FollowedFile> {
    const path = join(this.#folder, this.#name);
    const opened = await this.#reading(async () => {
      const stats = await statOf(path);
      if (stats?.isFile() === false) throw new SourceError(`${path} is no file that grows`);
      return this.#openIfNew(this.#name);
    });
    if (opened !== undefined) return opened;
    throw new SourceError(`cannot read ${path}: there is no such file`);
  }

  async #reading<Result>(read: () => Promise<Result>): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof SourceError) throw error;
      const { message } = error as Error;
      throw new SourceError(`cannot read ${join(this.#folder, this.#name)}: ${message}`);
    }
  }

  /** Opens a file that was followed before, whatever its name is now; undefined where it is gone. */
  find(identity: string, seenMs: number): Promise<FollowedFile | undefined> {
    return this.#reading(() => this.#find(identity, seenMs));
  }

  async #find(identity: string, seenMs: number): Promise<FollowedFile | undefined> {
    let found: Opened | undefined;
    // A listing may miss what is renamed meanwhile.
    for (let looks = 0; looks < looksMax && !found; looks += 1) found = await this.#look(identity);
    if (found === undefined) return undefined;
    found.seenMs = seenMs;
    this.#seenMs = seenMs;
    this.#bornNs = found.stats.birthtimeNs;
    return found;
  }

  async #look(identity: string): Promise<Opened | undefined> {
    for await (const name of this.#names()) {
      const found = await this.#openIf(name, isOf(identity));
      if (found) return found;
    }
    return undefined;
  }

  /**
   * Opens those that have come since, the oldest first, and last the one that has the name. One that was
   * born after that is none of them, whatever it is called: it is beside the file, not before it.
   */
  next(): Promise<FollowedFile[]> {
    return this.#reading(() => this.#next());
  }

  async #next(): Promise<FollowedFile[]> {
    if (!(await this.#isAnother())) return [];
    const all: Opened[] = [];
    try {
      // A listing may miss what is renamed meanwhile: the last one finds nothing new.
      while (await this.#openNew(all));
    } catch (error) {
      await this.#drop(all);
      throw error;
    }
    const named = all.findLast(({ name }) => name === this.#name);
    const isOlder = (one: Opened): boolean =>
      named !== undefined && one !== named && one.stats.birthtimeNs <= named.stats.birthtimeNs;
    await this.#drop(all.filter((one) => one !== named && !isOlder(one)));
    return named ? [...all.filter(isOlder).sort(byAge), named] : [];
  }

  /** Closes files, as if they had not been seen: one may take the name later. */
  async #drop(opened: readonly Opened[]): Promise<void> {
    for (const { identity } of opened) this.#known.delete(identity);
    await Promise.all(opened.map(({ file }) => file.close()));
  }

  /** Whether a file that is not known has the name. */
  async #isAnother(): Promise<boolean> {
    const nowMs = Date.now();
    const stats = await statOf(join(this.#folder, this.#name));
    if (stats === undefined) return false;
    const known = this.#known.get(identityOf(stats));
    if (known === undefined) return true;
    known.seenMs = nowMs;
    this.#seenMs = nowMs;
    return false;
  }

  /** Opens all that is new, also where it throws in the midst. Returns whether there was any. */
  async #openNew(opened: Opened[]): Promise<boolean> {
    const { length } = opened;
    for await (const name of this.#names()) {
      const one = await this.#openIfNew(name);
      if (one !== undefined) opened.push(one);
    }
    return opened.length > length;
  }

  #openIfNew(name: string): Promise<Opened | undefined> {
    return this.#openIf(name, (stats) => this.#isNew(name, stats));
  }

  async #openIf(
    name: string,
    isWanted: (stats: BigIntStats) => boolean,
  ): Promise<Opened | undefined> {
    const path = join(this.#folder, name);
    const isNone = name === this.#name ? absent : absentOrUnreadable;
    const found = await stat(path, { bigint: true }).catch(isNone);
    if (found === undefined || !isWanted(found)) return undefined;
    const file = await open(path).catch(isNone);
    if (file === undefined) return undefined;
    // By now the name may be that of another.
    const stats = await file.stat({ bigint: true });
    if (isWanted(stats)) {
      const identity = identityOf(stats);
      const opened = { name, file, identity, stats, seenMs: Number(stats.birthtimeMs) };
      this.#known.set(identity, opened);
      return opened;
    }
    await file.close();
    return undefined;
  }

  #isNew(name: string, stats: BigIntStats): boolean {
    if (!stats.isFile() || this.#known.has(identityOf(stats))) return false;
    if (name === this.#name) return true;
    const isLater = stats.birthtimeNs > this.#bornNs;
    return isLater && Number(stats.birthtimeMs) >= this.#seenMs - clockLagMs;
  }

  /** The name itself, though the folder cannot be listed, and then those that begin the same. */
  async *#names(): AsyncGenerator<string, undefined> {
    yield this.#name;
    const all = (await readdir(this.#folder).catch(absentOrUnreadable)) ?? [];
    for (const name of all) {
      if (name !== this.#name && name.startsWith(this.#name) && !packed.test(name)) yield name;
    }
  }
}

/** The number of a file is given again once it is deleted: to one that was born later. */
export const identityOf = ({ dev, ino, birthtimeNs }: BigIntStats): string =>
  `${dev}:${ino}:${birthtimeNs}`;

const isOf =
  (identity: string) =>
  (stats: BigIntStats): boolean =>
    stats.isFile() && identityOf(stats) === identity;

const byAge = ({ stats: a }: Opened, { stats: b }: Opened): number =>
  Number(a.birthtimeNs - b.birthtimeNs) || Number(a.mtimeNs - b.mtimeNs);

const statOf = (path: string): Promise<BigIntStats | undefined> =>
  stat(path, { bigint: true }).catch(absent);

/** A file that is away is none; whatever else is wrong is wrong. */
const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error;
};

/** What lies beside the file may be anything: what is not for us to read is none of it. */
const absentOrUnreadable = (error: NodeJS.ErrnoException): undefined => {
  if (!['EACCES', 'EPERM', 'ELOOP'].includes(error.code ?? '')) absent(error);
};
