import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { decodeSafetensors } from '../../src/snapshot/safetensors.ts';
import { startServing } from './start-serving.ts';

const newFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'rivulet-log-fed-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const row = (i: number): string => `${i % 7},${i % 5},${(i % 7) + 2 * (i % 5)}`;

const rows = (count: number): string =>
  `a,b,target\n${Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('')}`;

const lines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, k) =>
    JSON.stringify({ features: { a: (from + k) % 9, c: `v${k % 3}` }, target: k % 11 }),
  ).join('\n');

const post = async (url: string, query: string, body: string) => {
  const answer = await fetch(`${url}v1/feed?${query}`, { method: 'POST', body });
  return { status: answer.status, ...((await answer.json()) as object) };
};

/** The step, ΣJ and parameters of a model that learns nothing at the moment. */
const stateOf = async (url: string) => {
  const snapshot = await fetch(`${url}v1/snapshot`);
  if (!snapshot.ok) return { step: 0 };
  const { step, cost } = (await snapshot.json()) as { step: number; cost: unknown };
  const model = await fetch(`${url}v1/model`);
  const { tensors } = decodeSafetensors(new Uint8Array(await model.arrayBuffer()));
  // Without the metadata, which names the epoch.
  const hash = createHash('sha256');
  for (const { name, values } of tensors) {
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return { step, cost, model: hash.digest('hex') };
};

const polling = { timeout: 20_000 };

/** The model begins after 1,000 of them; the others come while it is fed. */
const sourceRows = 1_600;

test.each([
  ['--worker', '--log-fed'],
  ['--no-worker', '--log-fed=sync'],
])(
  'what was learned survives a kill, in the same order among the rows of a file (%s %s)',
  async (worker, log) => {
    const folder = newFolder();
    writeFileSync(join(folder, 'own.csv'), rows(sourceRows));
    const args = [join(folder, 'own.csv'), '--task', 'regression', '--rate', '1000', worker];
    const kept = ['--checkpoint', join(folder, 'kept'), '--checkpoint-every', '3600', log];
    const start = async () => {
      const serving = await startServing([...args, ...kept]);
      onTestFinished(() => void serving.child.kill('SIGKILL'));
      return serving;
    };
    const first = await start();
    let fed = 0;
    const feed = async (url: string, count: number, query: string) => {
      expect(await post(url, query, lines(fed, count))).toMatchObject({ status: 200 });
      fed += count;
    };
    await expect.poll(async () => (await stateOf(first.url)).step, polling).toBeGreaterThan(0);
    // The first batches ask for a checkpoint; those after it are in the log alone.
    for (let turn = 0; turn < 8; turn += 1) {
      await feed(first.url, 10 + turn, turn % 2 ? '' : `producer=p${turn}&first=1`);
    }
    await expect.poll(async () => (await stateOf(first.url)).step, polling).toBe(sourceRows + fed);
    const before = await stateOf(first.url);
    first.child.kill('SIGKILL');
    await first.end;

    const second = await start();
    await expect.poll(async () => (await stateOf(second.url)).step, polling).toBe(sourceRows + fed);
    expect(await stateOf(second.url)).toEqual(before);
    const again = await post(second.url, 'producer=p0&first=1', lines(0, 10));
    expect(again).toMatchObject({ status: 200, dup: 10, upTo: 10 });
    await feed(second.url, 5, '');
    second.child.kill('SIGTERM');
    expect((await second.end).exitCode).toBe(0);
    expect(readdirSync(join(folder, 'kept')).filter((name) => name.endsWith('.log'))).toEqual([]);

    const third = await start();
    await expect.poll(async () => (await stateOf(third.url)).step, polling).toBe(sourceRows + fed);
    third.child.kill('SIGKILL');
    await third.end;
  },
  60_000,
);
