import type { ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { initialRandom, randomUniform } from '../../src/math/random.ts';
import { newestCheckpoint } from '../../src/node/training/checkpoints/checkpoint-files.ts';
import { rawClient } from './raw-client.ts';
import { runCli } from './run-cli.ts';
import { startServing } from './start-serving.ts';

const kills = process.env['NIGHTLY'] ? 40 : 3;
const rowCount = 60;
const batchSize = 20;

let folder: string;
const running = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-kills-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

const memory = initialRandom(11);

const sampleAt = (i: number) => {
  const [a, b] = [Math.sin(i * 1.7), Math.cos(i * 0.9)];
  return { features: { a, b, kind: `k${i % 3}` }, target: a > b ? 'x' : 'y' };
};

const rows = (count: number): string => {
  const lines = Array.from({ length: count }, (_, i) => {
    const { features, target } = sampleAt(-i);
    return `${features.a},${features.b},${features.kind},${target}`;
  });
  const path = join(folder, 'rows.csv');
  writeFileSync(path, `a,b,kind,target\n${lines.join('\n')}\n`);
  return path;
};

/** What a folder has, apart from its lock. */
const filesIn = (path: string): string[] =>
  readdirSync(path).filter((name) => !name.startsWith('.lock-'));

const begin = async (...args: string[]) => {
  const served = await startServing(args);
  running.add(served.child);
  return served;
};

const stateAt = async (url: string) => {
  const answer = await fetch(`${url}v1/snapshot`);
  return answer.ok ? answer.json() : { step: 0 };
};

const stepAt = async (url: string): Promise<number> => (await stateAt(url)).step;

/** For a machine that has much else to do. */
const polling = { timeout: 60_000 };
const killingMs = 120_000 + 20_000 * kills;

const untilStep = async (url: string, step: number) => {
  await expect.poll(() => stepAt(url), polling).toBe(step);
  const { cost, metrics, rejected } = await stateAt(url);
  const parameters = Buffer.from(await (await fetch(`${url}v1/model`)).arrayBuffer());
  // After the header, which has the epoch.
  const numbers = parameters.subarray(8 + Number(parameters.readBigUInt64LE(0)));
  return { cost, metrics, rejected, numbers: numbers.toString('hex') };
};

/** Feeds from a number on until the connection is lost; tells of each number that is durable. */
const feed = async (url: string, { from, to }: { from: number; to: number }) => {
  const { say, socket, messages, closed } = await rawClient(url);
  let durable = from - 1;
  const answers = new Map<number, number>();
  for (let first = from, id = 1; first <= to; first += batchSize, id += 1) {
    const count = Math.min(batchSize, to - first + 1);
    const samples = Array.from({ length: count }, (_, i) => sampleAt(first + i));
    answers.set(id, first + count - 1);
    say({ t: 'feed', id, producer: 'p', first, samples, ack: 'durable' });
  }
  const isDone = new Promise<void>((resolve) => {
    socket.on('message', () => {
      for (const message of messages.splice(0)) {
        if (message.t === 'fed') durable = Math.max(durable, answers.get(message.id)!);
      }
      if (durable === to) resolve();
    });
  });
  await Promise.race([isDone, closed]);
  socket.terminate();
  return durable;
};

const killLater = (child: ChildProcess, ms: number): void => {
  setTimeout(() => child.kill('SIGKILL'), ms);
};

describe.each(['--worker', '--no-worker'])('killed at any moment, %s,', (where) => {
  test(
    'a server has each durable sample once, and the bits of one that lived',
    async () => {
      const path = rows(rowCount);
      const kept = ['--checkpoint', join(folder, 'kept'), where];
      let durable = 0;
      for (let life = 0; life < kills; life += 1) {
        const { child, url } = await begin(path, ...kept);
        await expect.poll(() => stepAt(url), polling).toBeGreaterThanOrEqual(rowCount + durable);
        killLater(child, 50 + 750 * randomUniform(memory));
        durable = await feed(url, { from: durable + 1, to: durable + 1_000 });
        child.kill('SIGKILL');
      }
      const total = durable + 100;
      const last = await begin(path, ...kept);
      expect(await feed(last.url, { from: durable + 1, to: total })).toBe(total);
      const survivor = await untilStep(last.url, rowCount + total);
      last.child.kill('SIGINT');
      expect((await last.end).exitCode).toBe(0);

      const straight = await begin(path, where);
      await expect.poll(() => stepAt(straight.url), polling).toBe(rowCount);
      const client = await rawClient(straight.url);
      for (let first = 1, id = 1; first <= total; first += 250, id += 1) {
        const count = Math.min(250, total - first + 1);
        const samples = Array.from({ length: count }, (_, i) => sampleAt(first + i));
        client.say({ t: 'feed', id, producer: 'q', first, samples });
        await expect
          .poll(() => client.messages.some((m) => m.t === 'fed' && m.id === id), polling)
          .toBe(true);
      }
      client.socket.terminate();
      expect(durable).toBeGreaterThan(0);
      expect(survivor).toEqual(await untilStep(straight.url, rowCount + total));
    },
    killingMs,
  );
});

test('a source resumes from its offset after a kill', async () => {
  const count = 3_000;
  const path = rows(count);
  const slow = [path, '--rate', '500', '--learner', 'network'];
  const kept = ['--checkpoint', join(folder, 'kept'), '--checkpoint-every', '0.1'];
  const steps: number[] = [];
  for (let life = 0; life < 2; life += 1) {
    const { child, url } = await begin(...slow, ...kept);
    const before = steps.at(-1) ?? 0;
    await expect.poll(() => filesIn(join(folder, 'kept')).length, polling).toBeGreaterThan(1);
    await expect
      .poll(() => stepAt(url), polling)
      .toBeGreaterThan(Math.min(before + 300, count - 1));
    steps.push((await stateAt(url)).step);
    child.kill('SIGKILL');
  }
  const last = await begin(...slow, ...kept);
  const straight = await begin(path, '--learner', 'network');
  expect(await untilStep(last.url, count)).toEqual(await untilStep(straight.url, count));
  const { child, url } = last;
  const { source } = (await (await rawClient(url)).next('welcome')).model;
  expect(source).toMatchObject({ replayable: true });
  child.kill('SIGINT');
}, 120_000);

test('after a kill a server of events is asked for what came after the last durable event', async () => {
  const lines = Array.from({ length: 300 }, (_, i) => JSON.stringify({ a: i % 7, target: i / 3 }));
  const given: number[] = [];
  const events = createServer((request, response) => {
    const from = Number(request.headers['last-event-id'] ?? 0);
    given.push(from);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    // Each time the server is killed within an event.
    const upTo = 100 * given.length;
    const whole = lines.map((line, i) => `id: ${i + 1}\ndata: ${line}\n\n`).slice(from, upTo);
    response.write(`${whole.join('')}id: ${upTo + 1}\ndata: {"a": 1, "targ`);
  });
  await new Promise<void>((resolve) => events.listen(0, '127.0.0.1', resolve));
  const source = `http://127.0.0.1:${(events.address() as AddressInfo).port}/`;
  const learning = ['--task', 'regression', '--learner', 'network', '--target', 'target'];
  const kept = ['--checkpoint', join(folder, 'kept'), '--checkpoint-every', '0.1'];
  for (const step of [100, 200, 300]) {
    const { child, url, end } = await begin(source, ...learning, ...kept);
    await expect.poll(() => stepAt(url), polling).toBe(step);
    const newest = async () => (await newestCheckpoint(join(folder, 'kept')))?.checkpoint.step;
    await expect.poll(newest, polling).toBe(step);
    child.kill('SIGKILL');
    await end;
  }
  expect(given).toEqual([0, 100, 200]);
  events.close();
  events.closeAllConnections();
}, 60_000);

test.each(['--worker', '--no-worker'])(
  'a file that is followed resumes after a kill, though it was rotated meanwhile, %s',
  async (where) => {
    const [header, ...lines] = readFileSync(rows(800), 'utf8').trimEnd().split('\n');
    // One row of each file is bad.
    lines[50] = 'bad';
    lines[250] = 'bad';
    const part = (from: number, to: number) => `${lines.slice(from, to).join('\n')}\n`;
    const path = join(folder, 'log.csv');
    writeFileSync(path, `${header}\n${part(0, 200)}`);
    const following = ['--follow', '--learner', 'network', where];
    const kept = ['--checkpoint', join(folder, 'kept'), '--checkpoint-every', '0.1'];
    const untilKept = async (url: string, step: number) => {
      await expect.poll(() => stepAt(url), polling).toBe(step);
      const newest = async () => (await newestCheckpoint(join(folder, 'kept')))?.checkpoint.step;
      await expect.poll(newest, polling).toBe(step);
    };
    const first = await begin(path, ...following, ...kept);
    await untilKept(first.url, 199);
    first.child.kill('SIGKILL');
    await first.end;
    appendFileSync(path, part(200, 300));
    renameSync(path, `${path}.1`);
    writeFileSync(path, `${header}\n${part(300, 500)}`);
    const second = await begin(path, ...following, ...kept);
    await untilKept(second.url, 498);
    second.child.kill('SIGKILL');
    await second.end;
    renameSync(`${path}.1`, `${path}.2`);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, part(500, 600));
    const last = await begin(path, ...following, ...kept);
    await expect.poll(() => stepAt(last.url), polling).toBe(598);
    writeFileSync(path, `${header}\n${part(600, 800)}`);
    const survivor = await untilStep(last.url, 798);

    const whole = join(folder, 'whole.csv');
    writeFileSync(whole, `${header}\n${lines.join('\n')}\n`);
    const straight = await begin(whole, ...following);
    expect(survivor).toEqual(await untilStep(straight.url, 798));
    expect(survivor.rejected).toBe(2);
  },
  120_000,
);

test.each(['--worker', '--no-worker'])(
  'requests that wait for a checkpoint are answered before the server ends, %s',
  async (where) => {
    const { child, url, end } = await begin(rows(rowCount), '--checkpoint', folder, where);
    await expect.poll(() => stepAt(url), polling).toBe(rowCount);
    const { say, messages, closed } = await rawClient(url);
    // The second waits for a checkpoint of its own, after a rest.
    for (const first of [1, 2]) {
      say({
        t: 'feed',
        id: first,
        producer: 'p',
        first,
        samples: [sampleAt(first)],
        ack: 'durable',
      });
      await expect.poll(() => stepAt(url), polling).toBe(rowCount + first);
    }
    child.kill('SIGTERM');
    expect((await closed).code).toBe(4001);
    expect(messages.filter(({ t }) => t === 'fed')).toHaveLength(2);
    expect((await end).exitCode).toBe(0);
  },
  60_000,
);

test('a clean shutdown keeps the epoch; after a kill there is another', async () => {
  const kept = [rows(rowCount), '--checkpoint', join(folder, 'kept')];
  const epochAfter = async (signal: NodeJS.Signals) => {
    const { child, url, end } = await begin(...kept);
    await expect.poll(() => stepAt(url), polling).toBe(rowCount);
    const { say, next, messages } = await rawClient(url);
    say({ t: 'sub', id: 1, topic: 'events', history: { points: 9 } });
    const { epoch } = await next('welcome');
    await next('ok');
    const events = messages.flatMap((message) => (message.t === 'events' ? [message] : []));
    child.kill(signal);
    return { epoch, events, said: (await end).stdout };
  };
  const first = await epochAfter('SIGINT');
  const second = await epochAfter('SIGKILL');
  const third = await epochAfter('SIGINT');
  expect(first.said).not.toContain('checkpoint');
  expect(second.said).toContain(` on from its checkpoint of step ${rowCount}: http`);
  expect(second.epoch).toBe(first.epoch);
  // Whoever watched the second may have seen more than was kept.
  expect(third.epoch).not.toBe(first.epoch);
  expect(second.events).toContainEqual(
    expect.objectContaining({ kind: 'checkpoint', step: rowCount }),
  );
}, 60_000);

test('no durable sample, however wild, leaves a checkpoint that predicts nothing', async () => {
  const path = rows(rowCount);
  const kept = ['--learner', 'network', '--checkpoint', join(folder, 'kept')];
  const first = await begin(path, ...kept);
  await expect.poll(() => stepAt(first.url), polling).toBe(rowCount);
  const features = { a: 1, b: 2, kind: 'k1' };
  const wild = [
    { features, target: 'x', weight: 1e40 },
    { features, target: 'x', weight: 1e6 },
    { features: { ...features, a: 1e300 }, target: 'y' },
    { features: { ...features, b: -1e308 }, target: 'y' },
  ];
  for (const sample of wild) {
    const body = JSON.stringify(sample);
    const answer = await fetch(`${first.url}v1/feed?ack=durable`, { method: 'POST', body });
    expect(answer.status, body).toBe(200);
  }
  first.child.kill('SIGKILL');
  await first.end;
  const second = await begin(path, ...kept);
  const { say, next, socket } = await rawClient(second.url);
  say({ t: 'predict', id: 1, features: [features] });
  const { y } = await next('pred');
  expect(JSON.stringify(y)).not.toContain('null');
  socket.terminate();
}, 60_000);

test('of two servers with one folder, the second ends with one line and code 2', async () => {
  const path = rows(rowCount);
  const kept = join(folder, 'kept');
  const first = await begin(path, '--checkpoint', kept);
  symlinkSync(kept, `${kept}-link`);
  const { exitCode, stdout, stderr } = await runCli([
    ...['serve', path, '--port', '0', '--checkpoint', `${kept}-link`],
  ]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(
    new RegExp(`^rivulet: \\S+ is in use by process ${first.child.pid} on .+\n$`),
  );
  first.child.kill('SIGKILL');
  await first.end;
  const next = await begin(path, '--checkpoint', kept);
  await expect.poll(() => stepAt(next.url), polling).toBe(rowCount);
}, 60_000);

test('rows that were fed as durable are there after a kill; without checkpoints it says so', async () => {
  const path = rows(rowCount);
  const feeding = ['--target', 'target', '--ack', 'durable', '--json'];
  const first = await begin(path, '--checkpoint', join(folder, 'kept'));
  const fed = await runCli(['feed', first.url, path, ...feeding]);
  expect(JSON.parse(fed.stdout)).toMatchObject({ fed: rowCount, rejected: 0 });
  first.child.kill('SIGKILL');
  const second = await begin(path, '--checkpoint', join(folder, 'kept'));
  await expect.poll(() => stepAt(second.url), polling).toBe(2 * rowCount);
  const plain = await begin(path);
  const refused = await runCli(['feed', plain.url, path, ...feeding]);
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('unsupported: this model keeps no checkpoints');
}, 120_000);

describe('serve refuses', () => {
  const refusal = async (...args: string[]) => {
    const { exitCode, stderr } = await runCli(['serve', '--port', '0', ...args]);
    return `${exitCode} ${stderr}`;
  };

  test('checkpoints without a folder, or in one that it cannot have', async () => {
    const path = rows(rowCount);
    expect(await refusal(path, '--checkpoint-every', '5')).toMatch(/^2 .*needs --checkpoint/);
    expect(await refusal(path, '--log-fed-max', '5')).toMatch(/^2 .*needs --log-fed/);
    expect(await refusal(path, '--checkpoint', path)).toMatch(
      /^2 rivulet: checkpoints cannot be kept in .*rows\.csv/,
    );
    expect(await refusal(path, '--checkpoint', folder, '--checkpoint-every', '0')).toMatch(
      /^2 .*Expected a number above 0/,
    );
  }, 60_000);

  test('a checkpoint of another model, and resumes without one that is torn', async () => {
    const path = rows(rowCount);
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    for (const _ of [1, 2]) {
      const { child, url, end } = await begin(path, '--checkpoint', kept);
      await expect.poll(() => stepAt(url), polling).toBe(rowCount);
      child.kill('SIGTERM');
      await end;
    }
    expect(await refusal(path, '--checkpoint', kept, '--learner', 'seed')).toMatch(
      /^2 rivulet: the checkpoint is of a model with --learner pool, not seed: use the same option/,
    );
    expect(await refusal(path, '--checkpoint', kept, '--task', 'regression')).toMatch(
      /^2 rivulet: the checkpoint is of a model with --task classification, not regression/,
    );
    const files = () => filesIn(kept).map((name) => join(kept, name));
    const newest = files().at(-1)!;
    writeFileSync(newest, readFileSync(newest).subarray(0, 5_000));
    const { child, url, end } = await begin(path, '--checkpoint', kept);
    await expect.poll(() => stepAt(url), polling).toBe(rowCount);
    child.kill('SIGKILL');
    expect((await end).stderr).toContain(`${basename(newest)} is refused`);
    for (const file of files()) writeFileSync(file, 'torn');
    expect(await refusal(path, '--checkpoint', kept)).toMatch(/^2 .*has no whole checkpoint/);
  }, 120_000);
});
