import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { rawHttp } from './raw-http.ts';
import { runCli } from './run-cli.ts';
import { startServing as startServer } from './start-serving.ts';

const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

const startServing = async (args: readonly string[]) => {
  const started = await startServer(args);
  running.add(started.child);
  return started;
};

const stepAt = async (url: string): Promise<number> => {
  const answer = await fetch(`${url}v1/snapshot`);
  if (!answer.ok) return 0;
  return ((await answer.json()) as { step: number }).step;
};

const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 50));
};

test('serve trains while it answers; Ctrl-C sends subscribers away with 4001 and ends', async () => {
  const { child, url, end } = await startServing(['--json']);
  const before = await stepAt(url);
  await until(async () => (await stepAt(url)) > before);

  const socket = new WebSocket(url.replace('http', 'ws'), 'rivulet.v1');
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('open', resolve));
  socket.send(JSON.stringify({ t: 'hello', v: 1 }));
  await new Promise((resolve) => socket.once('message', resolve));

  child.kill('SIGINT');
  expect(await closed).toBe(4001);
  const { exitCode, stdout } = await end;
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ task: 'classification', rejected: 0 });
}, 60_000);

test('after the requested samples it keeps serving', async () => {
  const { child, url, end } = await startServing(['digits', '-n', '300']);
  await until(async () => (await stepAt(url)) === 300);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await stepAt(url)).toBe(300);
  child.kill('SIGTERM');
  expect((await end).stdout).toMatch(/learned +300 samples/);
}, 60_000);

test('it listens before a live source has said anything', async () => {
  const { child, url, end } = await startServing(['host', '--rate', '20', '--ahead', '0.1']);
  await until(async () => (await stepAt(url)) > 2);
  child.kill('SIGINT');
  expect((await end).stdout).toMatch(/host · regression/);
}, 60_000);

test('a port in use is one clear line with the way out, and exit code 2', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const { exitCode, stdout, stderr } = await runCli(['serve', '--port', `${port}`]);
  other.close();
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toBe(
    `rivulet: 127.0.0.1:${port} is in use: choose another port, or 0 for a free one\n`,
  );
}, 60_000);

test('another address than loopback needs a token, which is no option', async () => {
  const { exitCode, stderr } = await runCli(['serve', '--port', '0', '--host', '0.0.0.0']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^rivulet: listening on 0.0.0.0 needs a token.*\n$/);
}, 60_000);

test.each([[], ['--no-worker'], ['--checkpoint', '']])(
  'a source that cannot be learned from ends it with one line and exit code 2, also when it listens already: %j',
  async (...args) => {
    const folder = await mkdtemp(join(tmpdir(), 'rivulet-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const kept = args.map((arg) => (arg === '' ? folder : arg));
    const source = ['ws://127.0.0.1:1/', '--wait', '2', '--task', 'regression'];
    const { exitCode, stdout, stderr } = await runCli(['serve', '--port', '0', ...source, ...kept]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^Rivulet learns ws:.*\n$/);
    expect(stderr).toMatch(
      /\nrivulet: nothing at ws:\/\/127.0.0.1:1\/ in 2 s: .*ECONNREFUSED.*\n$/,
    );
  },
  60_000,
);

test('a source that breaks off is reported, and what was learned of it is still served', async () => {
  const rows = Array.from({ length: 6_000 }, (_, i) => `${Math.sin(i)},${Math.cos(i)}`);
  const whole = gzipSync(`a,target\n${rows.join('\n')}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'rivulet-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'cut.csv.gz');
  await writeFile(path, whole.subarray(0, whole.length / 2));
  const steps: number[] = [];
  for (const thread of ['--worker', '--no-worker']) {
    const args = [path, '--task', 'regression', '--rate', '5000', thread];
    const { child, url, end } = await startServing(args);
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
    });
    await until(async () => said.includes('cannot read'));
    steps.push(await stepAt(url));
    child.kill('SIGINT');
    const { exitCode, stderr } = await end;
    expect(stderr).toBe(
      `rivulet: columns: 1 number: a\nrivulet: cannot read ${path}: its gzip data ends too early\n`,
    );
    expect(exitCode).toBe(2);
  }
  expect(steps[0]).toBeGreaterThan(1_000);
  expect(steps[1]).toBe(steps[0]);
}, 60_000);

test('a rate holds for what comes from an address, too', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    server.close();
  });
  server.on('connection', (socket) => {
    for (let i = 0; i < 1_000; i += 1) socket.send(`{"a":${i},"target":${i}}`);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const options = ['--task', 'regression', '--rate', '20', '-n', '30', '--json'];
  const { stdout } = await runCli(['learn', `ws://127.0.0.1:${port}`, ...options]);
  const { samples, samplesPerSecond } = JSON.parse(stdout);
  expect(samples).toBe(30);
  expect(samplesPerSecond).toBeLessThan(25);
  for (const client of server.clients) client.terminate();
}, 60_000);

test.each(['--worker', '--no-worker'])(
  'what a full buffer dropped is reported, %s',
  async (thread) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    onTestFinished(() => {
      server.close();
      for (const client of server.clients) client.terminate();
    });
    server.on('connection', (socket) => {
      const records = Array.from({ length: 1_000 }, (_, i) => ({ a: i, target: i / 2 }));
      socket.send(JSON.stringify(records));
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const options = ['--task', 'regression', '--rate', '10', '--buffer', '100', thread];
    const { child, url, end } = await startServing([`ws://127.0.0.1:${port}`, ...options]);
    const figure = async (name: string): Promise<number> => {
      const text = await (await fetch(`${url}metrics`)).text();
      return Number(new RegExp(`^rivulet_${name}{model="default"} (.*)$`, 'm').exec(text)?.[1]);
    };
    await until(async () => (await figure('dropped_total')) > 0);
    expect(await figure('dropped_total')).toBe(900);
    expect(await figure('lag')).toBeGreaterThan(50);
    child.kill('SIGINT');
    const { stdout } = await end;
    const [learned, leftOut] = ['learned', 'left out'].map((name) =>
      Number(new RegExp(`${name} +(\\d+) `).exec(stdout)?.[1]),
    );
    expect(learned! + leftOut!).toBe(1_000);
  },
  60_000,
);

test('the names of the server come from the option and the environment', async () => {
  process.env['RIVULET_ALLOWED_HOSTS'] = 'model.lan, model.example.org';
  const { child, url, end } = await startServing(['digits', '-n', '50', '--allow-host', 'a.lan']);
  delete process.env['RIVULET_ALLOWED_HOSTS'];
  const { port } = new URL(url);
  const statusFor = async (host: string): Promise<string> => {
    const request = `GET /v2 HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    return (await rawHttp(Number(port), request)).text.slice(9, 12);
  };
  expect(await statusFor('model.lan')).toBe('200');
  expect(await statusFor('model.example.org:8080')).toBe('200');
  expect(await statusFor('a.lan')).toBe('200');
  expect(await statusFor('b.lan')).toBe('403');
  child.kill('SIGTERM');
  await end;
}, 60_000);
