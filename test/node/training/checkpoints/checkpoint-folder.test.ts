import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  newestCheckpoint,
  readCheckpoint,
} from '../../../../src/node/training/checkpoints/checkpoint-files.ts';
import {
  CheckpointFolder,
  type CheckpointFolderOptions,
} from '../../../../src/node/training/checkpoints/checkpoint-folder.ts';
import { type Checkpoint, CheckpointError } from '../../../../src/snapshot/checkpoint.ts';
import { encodeSafetensors } from '../../../../src/snapshot/safetensors.ts';

const tried = mkdtempSync(join(tmpdir(), 'rivulet-mount-'));
const canMount = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', tried]).status === 0;
if (canMount) spawnSync('umount', [tried]);
rmSync(tried, { recursive: true });

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'rivulet-checkpoints-'));
});
const open: CheckpointFolder[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((folder) => folder.close()));
  rmSync(path, { recursive: true, force: true });
});

/** Opens the folder as the next process does, after the one before has ended. */
const opened = async (
  at = path,
  options: CheckpointFolderOptions = {},
): Promise<CheckpointFolder> => {
  await Promise.all(open.splice(0).map((folder) => folder.close()));
  const folder = await CheckpointFolder.open(at, { waitMs: 0, ...options });
  open.push(folder);
  return folder;
};

/** What a folder has, apart from its lock. */
const filesIn = (): string[] => readdirSync(path).filter((file) => !file.startsWith('.lock-'));

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
  const folder = await opened();
  for (const step of [1, 2, 3]) await folder.add(at(step));
};

const cutOff = (file: string): void => {
  const bytes = readFileSync(join(path, file));
  writeFileSync(join(path, file), bytes.subarray(0, bytes.length - 5));
};

const reopened = async () => (await opened()).newest();

describe('a folder of checkpoints', () => {
  test('is made where there is none, and is empty then', async () => {
    const folder = await opened(join(path, 'a', 'b'));
    expect(await folder.newest()).toBeUndefined();
  });

  test('gives back the newest, and keeps the newest few', async () => {
    const folder = await opened(path, { keep: 2 });
    for (const step of [1, 2, 3, 4]) expect(await folder.add(at(step))).toBe(name(step));
    expect(filesIn()).toEqual([name(3), name(4)]);
    expect(await reopened()).toEqual({ checkpoint: at(4), refused: [] });
    const next = await opened();
    expect(await next.add(at(5))).toBe(name(5));
  });

  test.skipIf(process.platform === 'win32')(
    'syncs the bytes of a checkpoint, and then the folder that holds its name',
    async () => {
      const folder = await opened();
      const handle = await openFile(path, 'r');
      const prototype = Object.getPrototypeOf(handle) as FileHandle;
      await handle.close();
      const sync = Reflect.get(prototype, 'sync') as (this: FileHandle) => Promise<void>;
      const synced: { inode: number; bytes: number; names: string[] }[] = [];
      const spy = vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
        const { ino, size } = await this.stat();
        synced.push({ inode: ino, bytes: size, names: filesIn() });
        return sync.call(this);
      });
      try {
        await folder.add(at(1));
      } finally {
        spy.mockRestore();
      }
      const file = statSync(join(path, name(1)));
      const ofFile = synced.findIndex(({ inode }) => inode === file.ino);
      expect(synced[ofFile]?.bytes).toBe(file.size);
      // Not under its name before its bytes are safe.
      expect(synced[ofFile]?.names).not.toContain(name(1));
      const ofFolder = synced.findLastIndex(({ inode }) => inode === statSync(path).ino);
      expect(ofFolder).toBeGreaterThan(ofFile);
      expect(synced[ofFolder]?.names).toContain(name(1));
    },
  );

  test('skips one that was cut off, and says so', async () => {
    await three();
    cutOff(name(3));
    const found = await reopened();
    expect(found!.checkpoint).toEqual(at(2));
    expect(found!.refused).toEqual([expect.stringContaining(`${name(3)} is refused: it has`)]);
  });

  test('skips one with a single wrong bit, wherever it is', async () => {
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

  test('refuses a file that was cut off at any byte, or has any one bit wrong', async () => {
    const folder = await opened();
    const file = join(path, await folder.add(at(1)));
    const whole = readFileSync(file);
    const refusalOf = async (bytes: Uint8Array): Promise<unknown> => {
      writeFileSync(file, bytes);
      return readCheckpoint(file).catch((error: unknown) => error);
    };
    for (let length = 0; length < whole.length; length += 1) {
      const refusal = await refusalOf(whole.subarray(0, length));
      expect(refusal, `cut off after ${length}`).toBeInstanceOf(CheckpointError);
    }
    for (let place = 0; place < whole.length; place += 1) {
      const damaged = Buffer.from(whole);
      damaged[place]! ^= 1 << (place % 8);
      expect(await refusalOf(damaged), `bit of ${place}`).toBeInstanceOf(CheckpointError);
    }
    expect(await refusalOf(Buffer.concat([whole, whole]))).toBeInstanceOf(CheckpointError);
    expect(await refusalOf(whole)).toEqual(at(1));
  });

  test.runIf(canMount)(
    'keeps the older ones on a full disk, and on one that is read-only',
    async () => {
      const disk = join(path, 'disk');
      mkdirSync(disk);
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status).toBe(0);
      try {
        const folder = await opened(disk);
        await folder.add(at(1));
        const large = { ...at(2), memory: { w: new Float64Array(50_000) } };
        await expect(folder.add(large)).rejects.toMatchObject({ code: 'ENOSPC' });
        expect(readdirSync(disk).filter((file) => !file.startsWith('.lock-'))).toEqual([name(1)]);
        await folder.add(at(2));
        expect((await newestCheckpoint(disk))!.checkpoint.step).toBe(2);
        spawnSync('mount', ['-o', 'remount,ro', disk]);
        await expect(folder.add(at(3))).rejects.toMatchObject({ code: 'EROFS' });
        await expect(opened(disk)).rejects.toThrow(/the file system is read-only \(EROFS\)$/);
        expect((await newestCheckpoint(disk))!.checkpoint.step).toBe(2);
        spawnSync('mount', ['-o', 'remount,rw', disk]);
        expect((await (await opened(disk)).newest())!.checkpoint.step).toBe(2);
      } finally {
        await Promise.all(open.splice(0).map((folder) => folder.close()));
        spawnSync('umount', ['-l', disk]);
      }
    },
  );

  test('skips a file of another kind', async () => {
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
    expect(filesIn()).toEqual([name(1), name(2), name(3), 'notes.txt']);
  });

  test.each([
    ['is a file', (file: string) => file, 'it is a file, not a folder (EEXIST)'],
    ['leads through a file', (file: string) => join(file, 'x'), 'a part of the path is a file'],
    ['lies in /proc', () => '/proc/rivulet/kept', 'the folder does not exist (ENOENT)'],
  ])('says at once in one line that a path %s', async (_, at, reason) => {
    const file = join(path, 'file');
    writeFileSync(file, '');
    const failure = await opened(at(file)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CheckpointError);
    expect(String(failure)).toContain(`checkpoints cannot be kept in ${at(file)}: ${reason}`);
  });

  test('refuses options that are invalid', async () => {
    await expect(opened(path, { keep: 0 })).rejects.toThrow(RangeError);
    await expect(opened(path, { waitMs: -1 })).rejects.toThrow(RangeError);
  });

  test('is not opened twice, and is free once it is closed', async () => {
    const one = await opened();
    await one.add(at(1));
    const other = CheckpointFolder.open(path, { waitMs: 0 });
    await expect(other).rejects.toThrow(`${path} is in use by this process`);
    await one.add(at(2));
    expect((await reopened())!.checkpoint.step).toBe(2);
    await opened().then((folder) => folder.close());
    open.splice(0);
    expect(filesIn()).toEqual(readdirSync(path));
  });

  test('never replaces what another process has written beyond the reach of the lock', async () => {
    const folder = await opened();
    await folder.add(at(1));
    writeFileSync(join(path, name(2)), 'of another machine');
    await expect(folder.add(at(2))).rejects.toThrow('another process writes checkpoints to');
    expect(readFileSync(join(path, name(2)), 'utf8')).toBe('of another machine');
    expect(filesIn()).toEqual([name(1), name(2)]);
  });

  test('loses none of two that write at once although their lock was deleted', async () => {
    const one = await opened();
    for (const file of readdirSync(path)) rmSync(join(path, file));
    const other = await CheckpointFolder.open(path, { waitMs: 0 });
    const added = await Promise.allSettled([one.add(at(1)), other.add(at(2))]);
    const [survivor] = added.flatMap((result, i) => (result.status === 'fulfilled' ? [i + 1] : []));
    expect(added.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await other.close();
    expect((await reopened())!.checkpoint.step).toBe(survivor);
  });

  test('takes its lock again when it was removed and made again', async () => {
    const folder = await opened();
    rmSync(path, { recursive: true });
    await expect(folder.add(at(1))).rejects.toThrow('ENOENT');
    mkdirSync(path);
    await folder.add(at(2));
    const other = CheckpointFolder.open(path, { waitMs: 0 });
    await expect(other).rejects.toThrow('is in use by this process');
    expect((await reopened())!.checkpoint.step).toBe(2);
  });
});
