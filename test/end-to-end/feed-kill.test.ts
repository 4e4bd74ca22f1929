import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FeedProgress } from '../../src/client/feeder.ts';
import { connect } from '../../src/node/server/connect.ts';
import { endOf, startCli } from './run-cli.ts';
import { startServing } from './start-serving.ts';

let folder: string;
const closing: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-feed-kill-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

/** Rows of the server's own source: it has a model then. */
const ownCount = 20;

/** What the checkpoint has of the feeder, what was answered after it, and what follows the kill. */
const [keptCount, lostCount, restCount] = [3_000, 500, 20_000];

const polling = { timeout: 60_000 };

const row = (i: number): string => `${i % 7},${i % 5},${(i % 7) + 2 * (i % 5)}`;

const rows = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `${row(from + i)}\n`).join('');

const stepAt = async (url: string): Promise<number> => {
  const answer = await fetch(`${url}v1/snapshot`);
  return answer.ok ? ((await answer.json()) as { step: number }).step : 0;
};

const untilStep = (url: string, step: number) => expect.poll(() => stepAt(url), polling).toBe(step);

/** A server that writes a checkpoint only when somebody asks for one, and can be killed. */
const begin = async (port = 0) => {
  const path = join(folder, 'own.csv');
  writeFileSync(path, `a,b,target\n${rows(0, ownCount)}`);
  const args = [path, '--task', 'regression', '--learner', 'network'];
  const kept = ['--checkpoint', join(folder, 'kept'), '--checkpoint-every', '3600'];
  const { child, url, end } = await startServing([...args, ...kept, '--port', String(port)]);
  closing.push(() => child.kill('SIGKILL'));
  return { child, url, end, port: Number(new URL(url).port) };
};

/** Makes a checkpoint of all that has been learned, with one sample more. */
const keep = async (url: string): Promise<void> => {
  const body = JSON.stringify({ features: { a: 1, b: 2 }, target: 5 });
  const answer = await fetch(`${url}v1/feed?ack=durable`, { method: 'POST', body });
  expect(answer.status).toBe(200);
};

const kill = async ({ child, end }: { child: ChildProcess; end: Promise<unknown> }) => {
  child.kill('SIGKILL');
  await end;
};

test('what was not sent yet is learned, all of it, by a server that was killed', async () => {
  const first = await begin();
  await untilStep(first.url, ownCount);
  const connection = connect(first.url, { random: () => 0.05 });
  closing.push(() => connection.close());
  const samples = new Subject<{ features: Record<string, number>; target: number }>();
  const told: FeedProgress[] = [];
  const isDone = new Promise<void>((resolve, reject) => {
    connection
      .feed(samples, { ack: 'learned' })
      .subscribe({ next: (progress) => told.push(progress), error: reject, complete: resolve });
  });
  let given = 0;
  const give = (count: number): void => {
    for (const end = given + count; given < end; given += 1) {
      samples.next({ features: { a: given % 7, b: given % 5 }, target: given % 11 });
    }
  };
  const untilTold = (upTo: number) => expect.poll(() => told.at(-1)?.upTo, polling).toBe(upTo);

  give(keptCount);
  await untilTold(keptCount);
  await keep(first.url);
  give(lostCount);
  await untilTold(keptCount + lostCount);
  await kill(first);
  give(restCount);
  samples.complete();
  const second = await begin(first.port);
  await isDone;
  expect(told.at(-1)?.upTo).toBe(keptCount + lostCount + restCount);
  expect(told.map(({ upTo }) => upTo)).toEqual(told.map(({ upTo }) => upTo).sort((a, b) => a - b));
  await untilStep(second.url, ownCount + 1 + keptCount + restCount);
}, 120_000);

test('rivulet feed ends, with all rows told, after a server that was killed', async () => {
  const first = await begin();
  await untilStep(first.url, ownCount);
  const feeding = startCli(['feed', first.url, '--json', '--producer', 'p']);
  closing.push(() => feeding.kill('SIGKILL'));
  const end = endOf(feeding);
  feeding.stdin?.write(`a,b,target\n${rows(0, keptCount)}`);
  await untilStep(first.url, ownCount + keptCount);
  await keep(first.url);
  feeding.stdin?.write(rows(0, lostCount));
  await untilStep(first.url, ownCount + keptCount + 1 + lostCount);
  await kill(first);
  feeding.stdin?.end(rows(0, restCount));
  const second = await begin(first.port);
  const { exitCode, stdout, stderr } = await end;
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('connected to')]);
  const { fed, rejected, forgotten, step } = JSON.parse(stdout);
  expect({ fed, rejected }).toEqual({ fed: keptCount + lostCount + restCount, rejected: 0 });
  // The answer to the last before the kill may have been under way: then it was sent again.
  expect(forgotten).toBeLessThanOrEqual(lostCount);
  expect(stderr).toContain(`it has forgotten ${forgotten} rows`);
  expect(step).toBe(ownCount + 1 + keptCount + (lostCount - forgotten) + restCount);
  await untilStep(second.url, step);
}, 120_000);
