import type { ChildProcess } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { rawClient } from './raw-client.ts';
import { startServing } from './start-serving.ts';

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

const batch = 256;
const batches = 3;

test.each([
  ['--worker', 1_000],
  ['--no-worker', 100],
])(
  'Ctrl-C, %s, with %i viewers: all get 4001, and what was accepted is learned',
  async (where, viewerCount) => {
    const { child, url, end } = await startServing(['digits', '-n', '300', '--json', where]);
    running.add(child);
    const closes: Promise<{ code: number }>[] = [];
    for (let i = 0; i < viewerCount; i += 100) {
      const some = await Promise.all(Array.from({ length: 100 }, () => rawClient(url)));
      await Promise.all(some.map(({ next }) => next('welcome')));
      for (const { say, closed } of some) {
        say({ t: 'sub', id: 1, topic: 'cost' });
        closes.push(closed);
      }
    }
    const feeder = await rawClient(url);
    await expect
      .poll(async () => (await fetch(`${url}v1/snapshot`).then((answer) => answer.json())).step, {
        timeout: 20_000,
      })
      .toBe(300);
    const sample = { x: new Array<number>(64).fill(1), y: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] };
    const samples = Array.from({ length: batch }, () => sample);
    for (let id = 0; id < batches; id += 1) feeder.say({ t: 'feed', id, samples, ack: 'accepted' });
    const accepted = () => feeder.messages.filter(({ t }) => t === 'fed').length;
    await expect.poll(accepted, { interval: 1, timeout: 20_000 }).toBe(batches);
    child.kill('SIGINT');
    const codes = await Promise.all(closes);
    expect(codes.filter(({ code }) => code === 4001)).toHaveLength(viewerCount);
    const { exitCode, stdout } = await end;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ samples: 300 + batches * batch, rejected: 0 });
  },
  60_000,
);

test('training on standard input says that it stays on the main thread', async () => {
  const rows = 'a,target\n'.concat('1,2\n'.repeat(60));
  const { child, url, end } = await startServing(['-', '--worker', '--task', 'regression'], rows);
  running.add(child);
  expect(url).toMatch(/^http/);
  child.stdin?.end();
  child.kill('SIGINT');
  const { stderr } = await end;
  expect(stderr).toContain(
    'rivulet: standard input belongs to the main thread, so it trains there\n',
  );
}, 60_000);

test('standard input that never ends is learned from its first row', async () => {
  const { child, url } = await startServing(
    ['-', '--target', 'price', '--task', 'regression'],
    '{"a":1,"price":2}\n',
  );
  running.add(child);
  const step = async () => (await (await fetch(`${url}v1/snapshot`)).json()).step;
  await expect.poll(step, { timeout: 20_000 }).toBe(1);
  child.stdin?.write('{"a":2,"b":3,"price":4}\n{"a":3');
  await expect.poll(step, { timeout: 20_000 }).toBe(2);
  child.kill('SIGINT');
}, 60_000);
