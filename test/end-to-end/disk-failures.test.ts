import { type ChildProcess, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startServing } from './start-serving.ts';

let folder: string;
const running = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-disk-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** For a machine that has much else to do. */
const polling = { timeout: 60_000 };

/** Limits the size of the files of a running process, as a full disk does. */
const limitFiles = ({ pid }: ChildProcess, bytes: number | 'unlimited'): void => {
  const { status, stderr } = spawnSync('prlimit', [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]);
  expect(status, String(stderr)).toBe(0);
};
const hasLimits = spawnSync('prlimit', ['--version']).status === 0;

const serveRows = async (path: string, kept: string) => {
  const every = ['--checkpoint-every', '0.2', '--learner', 'network'];
  const served = await startServing([path, '--checkpoint', kept, ...every]);
  running.add(served.child);
  return served;
};

const hashes = (path: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(path)
      .filter((name) => name.startsWith('checkpoint-'))
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(path, name)))
          .digest('hex'),
      ]),
  );

const readiness = async (url: string): Promise<number> =>
  (await fetch(`${url}v2/health/ready`)).status;

const figure = async (url: string, name: string): Promise<number> => {
  const text = await (await fetch(`${url}metrics`)).text();
  return Number(
    new RegExp(`^rivulet_checkpoint_${name}\\{model="default"\\} (.*)$`, 'm').exec(text)?.[1],
  );
};

const feedOne = async (url: string, ack: string) => {
  const body = JSON.stringify({ features: { a: 3, b: 1 }, target: 'x' });
  const answer = await fetch(`${url}v1/feed?ack=${ack}`, { method: 'POST', body });
  return answer.status;
};

test.runIf(hasLimits)(
  'a disk that takes nothing more shows in readiness, metrics and the exit code, and harms nothing',
  async () => {
    const path = join(folder, 'rows.csv');
    writeFileSync(path, `a,b,target\n${'1,2,x\n2,1,y\n'.repeat(20)}`);
    const kept = join(folder, 'kept');
    const { child, url, end } = await serveRows(path, kept);
    await expect.poll(() => readiness(url), polling).toBe(200);
    expect(await feedOne(url, 'durable')).toBe(200);
    expect(await figure(url, 'failures_total')).toBe(0);
    expect(await figure(url, 'age_seconds')).toBeGreaterThanOrEqual(0);

    limitFiles(child, 2_000);
    expect(await feedOne(url, 'durable')).toBe(429);
    const before = hashes(kept);
    expect(await readiness(url)).toBe(503);
    expect((await fetch(`${url}v2/models/default/ready`)).status).toBe(503);
    expect(await figure(url, 'failing')).toBe(1);
    expect(await figure(url, 'failures_total')).toBeGreaterThan(0);
    expect(await feedOne(url, 'learned')).toBe(200);
    expect(hashes(kept)).toEqual(before);

    limitFiles(child, 'unlimited');
    await expect.poll(() => readiness(url), polling).toBe(200);
    expect(await figure(url, 'failing')).toBe(0);
    expect(await feedOne(url, 'durable')).toBe(200);

    limitFiles(child, 2_000);
    await expect.poll(() => feedOne(url, 'durable'), polling).toBe(429);
    const last = hashes(kept);
    child.kill('SIGTERM');
    const { exitCode, stderr } = await end;
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'rivulet: the last checkpoint could not be written: a file may not become that large (EFBIG)\n',
    );
    // Neither unfinished files nor the lock are left.
    expect(readdirSync(kept).sort()).toEqual(Object.keys(last).sort());
    expect(hashes(kept)).toEqual(last);

    const next = await serveRows(path, kept);
    await expect.poll(() => readiness(next.url), polling).toBe(200);
    next.child.kill('SIGTERM');
    expect((await next.end).exitCode).toBe(0);
  },
  120_000,
);
