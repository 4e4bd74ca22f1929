import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CheckpointFolder } from '../../../src/node/checkpoints/checkpoint-folder.ts';
import { type Checkpoint, CheckpointError } from '../../../src/snapshot/checkpoint.ts';
import { encodeSafetensors } from '../../../src/snapshot/safetensors.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'rivulet-checkpoints-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const at = (step: number): Checkpoint => ({
  model: { learner: 'pool', task: 'regression' },
  history: { epoch: 'E', logs: { events: 1, errors: 0 } },
  ...{ isFinal: false, step, cost: { count: step, sum: step / 2 } },
  producers: new Map([['p', step]]),
  source: { name: 'rows.csv', taken: step },
  memory: { w: Float64Array.of(step, 0.1) },
});

const name = (number: number): string => `checkpoint-00000000${number}.safetensors`;

/** A folder with checkpoints of the steps 1, 2, 3. */
const three = async (): Promise<void> => {
  const folder = await CheckpointFolder.open(path);
  for (const step of [1, 2, 3]) await folder.add(at(step));
};

const cutOff = (file: string): void => {
  const bytes = readFileSync(join(path, file));
  writeFileSync(join(path, file), bytes.subarray(0, bytes.length - 5));
};

const reopened = async () => (await CheckpointFolder.open(path)).newest();

describe('a folder of checkpoints', () => {
  test('is made where there is none, and is empty then', async () => {
    const folder = await CheckpointFolder.open(join(path, 'a', 'b'));
    expect(await folder.newest()).toBeUndefined();
  });

  test('gives back the newest, and keeps the newest few', async () => {
    const folder = await CheckpointFolder.open(path, { keep: 2 });
    for (const step of [1, 2, 3, 4]) expect(await folder.add(at(step))).toBe(name(step));
    expect(readdirSync(path)).toEqual([name(3), name(4)]);
    expect(await reopened()).toEqual({ checkpoint: at(4), refused: [] });
    const next = await CheckpointFolder.open(path);
    expect(await next.add(at(5))).toBe(name(5));
  });

  test('passes by one that was cut off, and says so', async () => {
    await three();
    cutOff(name(3));
    const found = await reopened();
    expect(found!.checkpoint).toEqual(at(2));
    expect(found!.refused).toEqual([expect.stringContaining(`${name(3)} is refused: it has`)]);
  });

  test('passes by one with a single wrong bit, wherever it is', async () => {
    await three();
    const whole = readFileSync(join(path, name(3)));
    for (const place of [9, 200, whole.length - 40, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[place]! ^= 4;
      writeFileSync(join(path, name(3)), damaged);
      const found = await reopened();
      expect(found!.checkpoint.step, `${place}`).toBe(2);
      expect(found!.refused).toHaveLength(1);
    }
  });

  test('passes by a file of another kind', async () => {
    await three();
    const foreign = encodeSafetensors([{ name: 'W', shape: [64], values: new Float32Array(64) }]);
    writeFileSync(join(path, name(3)), foreign);
    expect((await reopened())!.refused).toEqual([
      `${name(3)} is refused: it is no checkpoint of ours`,
    ]);
    writeFileSync(join(path, name(3)), '');
    expect((await reopened())!.checkpoint.step).toBe(2);
  });

  test('does not begin anew where all of them are damaged', async () => {
    await three();
    for (const number of [1, 2, 3]) cutOff(name(number));
    await expect(reopened()).rejects.toThrow(/has no whole checkpoint.*move the files elsewhere/);
    await expect(reopened()).rejects.toBeInstanceOf(CheckpointError);
  });

  test('takes away what was left unfinished, and nothing else', async () => {
    await three();
    writeFileSync(join(path, 'checkpoint-000000004.unfinished'), 'half');
    writeFileSync(join(path, 'notes.txt'), 'mine');
    expect((await reopened())!.checkpoint.step).toBe(3);
    expect(readdirSync(path)).toEqual([name(1), name(2), name(3), 'notes.txt']);
  });

  test('says at once that it cannot be written to', async () => {
    const file = join(path, 'file');
    writeFileSync(file, '');
    await expect(CheckpointFolder.open(file)).rejects.toThrow(
      `checkpoints cannot be kept in ${file}: `,
    );
    await expect(CheckpointFolder.open(path, { keep: 0 })).rejects.toThrow(RangeError);
  });

  test('is not shared by two processes', async () => {
    const one = await CheckpointFolder.open(path);
    const other = await CheckpointFolder.open(path);
    await one.add(at(1));
    await expect(other.add(at(2))).rejects.toThrow('another process keeps its checkpoints');
    expect((await reopened())!.checkpoint.step).toBe(1);
  });
});
