import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundling } from '../../../../build.ts';
import { FolderLock } from '../../../../src/node/training/checkpoints/folder-lock.ts';

// Readable by other users, as one test runs it as one.
const shared = mkdtempSync(join(tmpdir(), 'rivulet-lock-program-'));
chmodSync(shared, 0o755);
const program = join(shared, 'program.mjs');
await build({
  ...bundling,
  entryPoints: [join(import.meta.dirname, 'lock-program.ts')],
  outfile: program,
});
afterAll(() => rmSync(shared, { recursive: true, force: true }));

let folder: string;
const running = new Set<ChildProcess>();
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'rivulet-lock-test-')));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

interface Contender {
  readonly child: ChildProcess;
  /** What it says first: `held`, or who holds the lock. */
  readonly said: Promise<string>;
}

const contend = (
  path: string,
  { waitMs = 0, uid, command = [process.execPath] }: ContendOptions = {},
): Contender => {
  const [name = '', ...args] = command;
  const child = spawn(name, [...args, program, path, String(waitMs)], {
    ...(uid !== undefined && { uid, gid: uid }),
  });
  running.add(child);
  let text = '';
  const said = new Promise<string>((resolve) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.trim());
    });
    child.on('close', () => resolve(text.trim()));
  });
  return { child, said };
};

interface ContendOptions {
  readonly waitMs?: number;
  readonly uid?: number;
  readonly command?: readonly string[];
}

const kill = async (child: ChildProcess): Promise<void> => {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
};

const isRoot = process.getuid?.() === 0;
const hasNamespaces = spawnSync('unshare', ['--net', 'true']).status === 0;

describe('the lock of a folder', () => {
  test('refuses a second process, by whatever path it comes, and names the holder', async () => {
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    const first = contend(folder);
    expect(await first.said).toBe('held');
    for (const path of [folder, link]) {
      const second = contend(path);
      expect(await second.said).toContain(`${path} is in use by process ${first.child.pid} on `);
    }
    rmSync(link);
  });

  test('refuses the process that holds it', async () => {
    const lock = await FolderLock.acquire(folder);
    await expect(FolderLock.acquire(folder, { waitMs: 0 })).rejects.toThrow('by this process');
    await lock.release();
    const next = await FolderLock.acquire(folder, { waitMs: 0 });
    await next.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('ends with its holder, however that ends, and leaves nothing', async () => {
    for (let life = 0; life < 2; life += 1) {
      const { child, said } = contend(folder);
      expect(await said).toBe('held');
      await kill(child);
    }
    const last = contend(folder);
    expect(await last.said).toBe('held');
    const exited = once(last.child, 'exit');
    last.child.stdin!.end();
    expect(await exited).toEqual([0, null]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is held by a process that is stopped', async () => {
    const { child, said } = contend(folder);
    expect(await said).toBe('held');
    child.kill('SIGSTOP');
    expect(await contend(folder).said).toContain(`in use by process ${child.pid}`);
  });

  test('goes to one of many processes that start at once, also after a kill', async () => {
    for (const count of [3, 20]) {
      const contenders = Array.from({ length: count }, () => contend(folder));
      const answers = await Promise.all(contenders.map(({ said }) => said));
      const holders = contenders.filter((_, i) => answers[i] === 'held');
      expect(holders, answers.join('\n')).toHaveLength(1);
      await kill(holders[0]!.child);
    }
  });

  test('goes to one of many contenders within one process', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 30 }, () => FolderLock.acquire(folder, { waitMs: 0 })),
    );
    const held = attempts.filter(({ status }) => status === 'fulfilled');
    expect(held).toHaveLength(1);
  });

  test('is waited for while its holder ends', async () => {
    const first = contend(folder);
    expect(await first.said).toBe('held');
    const second = contend(folder, { waitMs: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await kill(first.child);
    expect(await second.said).toBe('held');
  });

  test('is not kept by files that only look like it, as a copy of a folder has them', async () => {
    writeFileSync(join(folder, '.lock-0123456789abcdef'), '');
    writeFileSync(join(folder, '.lock-0123456789abcdef.json'), '{"pid":1,"host":"elsewhere"}');
    writeFileSync(join(folder, '.lock-fedcba9876543210.starting'), '');
    writeFileSync(join(folder, '.lock-mine'), '');
    const lock = await FolderLock.acquire(folder, { waitMs: 0 });
    await lock.release();
    expect(readdirSync(folder)).toEqual(['.lock-mine']);
  });

  test('works in a folder with a long path, and follows the folder when it is renamed', async () => {
    const long = join(folder, 'x'.repeat(200));
    mkdirSync(long);
    const lock = await FolderLock.acquire(long);
    expect(await contend(long).said).toContain('is in use by process');
    expect(await lock.isInPlace()).toBe(true);
    renameSync(long, join(folder, 'y'));
    expect(await lock.isInPlace()).toBe(false);
    await lock.release();
  });

  test.runIf(hasNamespaces)(
    'reaches processes with another network, as containers have it',
    async () => {
      const first = contend(folder);
      expect(await first.said).toBe('held');
      const second = contend(folder, { command: ['unshare', '--net', process.execPath] });
      expect(await second.said).toContain(`is in use by process ${first.child.pid}`);
    },
  );

  test.runIf(isRoot)('is respected by another user, and outlives none', async () => {
    chmodSync(folder, 0o777);
    const first = contend(folder);
    expect(await first.said).toBe('held');
    expect(await contend(folder, { uid: 65_534 }).said).toContain('is in use by process');
    await kill(first.child);
    expect(await contend(folder, { uid: 65_534 }).said).toBe('held');
  });

  test.runIf(isRoot)('lies elsewhere on the machine where a folder takes no sockets', async () => {
    chmodSync(folder, 0o755);
    const first = contend(folder, { uid: 65_534 });
    expect(await first.said).toBe('held');
    expect(readdirSync(folder)).toEqual([]);
    expect(await contend(folder, { uid: 65_534 }).said).toContain('is in use by process');
    await kill(first.child);
    expect(await contend(folder, { uid: 65_534 }).said).toBe('held');
  });
});
