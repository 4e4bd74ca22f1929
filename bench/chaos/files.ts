import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ServedProcess, type ServedState } from '../served-process.ts';
import { compareStates, killOften, type Scenario, type Surroundings } from './scenario.ts';

const header = 'a,b,kind,target\n';

/** Rows of a stream in which there is something to learn. */
const rows = (from: number, to: number): string => {
  let text = '';
  for (let i = from; i < to; i += 1)
    text += `${i % 17},${(i * 7) % 23},k${i % 5},${(i % 17) - (i % 3)}\n`;
  return text;
};

/** So many rows are learned between two kills, if they come as fast as `--rate` allows. */
const rowsPerKill = 800;

const words = (path: string, folder: string, name: string): string[] => [
  ...[path, '--task', 'regression'],
  ...['--checkpoint', join(folder, name), '--checkpoint-every', '0.1'],
];

/** A file that is read from its beginning to its end, plain or compressed. */
const wholeFile = (name: string, encode: (text: string) => string | Buffer): Scenario => ({
  name,
  async run({ cli, folder, kills, random }) {
    const count = rowsPerKill * (kills + 2);
    const path = join(folder, `rows.${name}`);
    writeFileSync(path, encode(header + rows(0, count)));
    const start = (kept: string, ...more: string[]) =>
      new ServedProcess(cli, [...words(path, folder, kept), ...more]);
    const reference = start('reference');
    const expected = await reference.stateAt(count);
    await reference.kill();
    await killOften(() => start('kept', '--rate', '2000'), { kills, random });
    const last = start('kept');
    compareStates(await last.stateAt(count), expected);
    await last.kill();
    return { kills, compared: `${count} rows: count, ΣJ, all parameters` };
  },
});

/** A file that grows and is rotated, each few hundred rows, while the process is killed. */
const followed: Scenario = {
  name: 'follow',
  async run(surroundings) {
    const { cli, folder, kills, random } = surroundings;
    const path = join(folder, 'log.csv');
    const writer = new RotatedFile(path);
    const start = () => new ServedProcess(cli, [...words(path, folder, 'kept'), '--follow']);
    const timer = setInterval(() => writer.write(7), 5);
    try {
      await killOften(start, { kills, random }, async () => writer.rotateSometimes(random[0]!));
    } finally {
      clearInterval(timer);
    }
    const last = start();
    const found = await last.stateAt(writer.count);
    await last.kill();
    compareStates(found, await undisturbed(surroundings, writer.count));
    return { kills, compared: `${writer.count} rows: count, ΣJ, all parameters` };
  },
};

/** What a process learns that follows a file in which all rows are from the beginning. */
const undisturbed = async ({ cli, folder }: Surroundings, count: number): Promise<ServedState> => {
  const path = join(folder, 'all.csv');
  writeFileSync(path, header + rows(0, count));
  const server = new ServedProcess(cli, [...words(path, folder, 'reference'), '--follow']);
  const expected = await server.stateAt(count);
  await server.kill();
  return expected;
};

/** A growing file that is rotated by renaming, as logrotate does; nothing is removed. */
class RotatedFile {
  count = 0;
  readonly #path: string;
  #rotations = 0;

  constructor(path: string) {
    this.#path = path;
    writeFileSync(path, header);
  }

  write(count: number): void {
    appendFileSync(this.#path, rows(this.count, this.count + count));
    this.count += count;
  }

  /** About every third time; the older files keep their order by their age. */
  rotateSometimes(chance: number): void {
    if (chance % 3 !== 0) return;
    for (let n = this.#rotations; n > 0; n -= 1)
      renameSync(`${this.#path}.${n}`, `${this.#path}.${n + 1}`);
    renameSync(this.#path, `${this.#path}.1`);
    writeFileSync(this.#path, header);
    this.#rotations += 1;
  }
}

export const files: readonly Scenario[] = [
  wholeFile('csv', (text) => text),
  wholeFile('csv.gz', (text) => gzipSync(text)),
  followed,
];
