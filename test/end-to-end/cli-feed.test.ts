import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { singleNetwork } from '../../src/learn/single-network.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { serve } from '../../src/node/server/serve.ts';
import { PipelineModel } from '../../src/node/training/pipeline-model.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { endOf, runCli, startCli } from './run-cli.ts';
import { startServing } from './start-serving.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server whose model learns only what it is fed. */
const serving = async () => {
  const shown = broadcaster();
  const task = 'regression' as const;
  const pipeline = new Pipeline({
    task,
    learner: singleNetwork({ task, inputCount: 1, outputCount: 1 }),
    audience: shown,
  });
  const model = new PipelineModel(pipeline);
  const server = await serve({ broadcaster: shown, model }, { port: 0 });
  closing.push(
    () => model.stop(),
    () => server.close(),
  );
  return { pipeline, port: server.port };
};

/** A way to a port that can be cut, and comes back. */
const cuttable = async (port: number) => {
  const sockets = new Set<Socket>();
  const proxy = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  closing.push(() => proxy.close(), cut);
  const { port: near } = proxy.address() as AddressInfo;
  /** Nobody is there for so long. */
  const away = async (ms: number): Promise<void> => {
    proxy.close();
    cut();
    await new Promise((resolve) => setTimeout(resolve, ms));
    await new Promise<void>((resolve) => proxy.listen(near, '127.0.0.1', resolve));
  };
  return { port: near, cut, away };
};

const rowsFile = (lines: readonly string[]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-feed-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'rows.csv');
  writeFileSync(path, ['a,target', ...lines].join('\n'));
  return path;
};

test('every row arrives, and once, though the connection is cut', async () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `${i % 97},${(i % 97) / 2}`);
  const path = rowsFile([...rows, 'bad', '1,x']);
  const { pipeline, port } = await serving();
  const way = await cuttable(port);

  const child = startCli(['feed', `127.0.0.1:${way.port}`, path, '--json']);
  closing.push(() => child.kill('SIGKILL'));
  const end = endOf(child);
  while (pipeline.step < 2_000) await new Promise((resolve) => setTimeout(resolve, 2));
  way.cut();

  const { exitCode, stdout, stderr } = await end;
  expect([exitCode, stderr.split('\n')[0]]).toEqual([0, expect.stringContaining('waiting for')]);
  expect(JSON.parse(stdout)).toEqual({ fed: 30_001, rejected: 2, forgotten: 0, step: 30_000 });
  expect(pipeline.step).toBe(30_000);
}, 90_000);

test('feeding a server without a model reports once why it waits', async () => {
  const path = rowsFile(['1,2', '3,4']);
  const { child: server, url } = await startServing(['-', '--task', 'regression']);
  closing.push(() => server.kill('SIGKILL'));
  const child = startCli(['feed', url, path, '--json']);
  closing.push(() => child.kill('SIGKILL'));
  const end = endOf(child);
  // The model must not exist before the first attempt, however slow the start of the feeder.
  await once(child.stderr!, 'data');
  // Several further attempts, which must not say it again.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  server.stdin?.write('a,target\n1,2\n3,4\n');
  server.stdin?.end();
  const { exitCode, stdout, stderr } = await end;
  expect(stderr).toBe(
    `rivulet: waiting for ${url}: there is no model yet: its source has not given a row\n`,
  );
  expect([exitCode, JSON.parse(stdout)]).toEqual([
    0,
    { fed: 2, rejected: 0, forgotten: 0, step: 4 },
  ]);
}, 60_000);

describe('feed refuses, in one line,', () => {
  const somewhere = 'http://127.0.0.1:1';
  const several = 'several sources must all be files that end: --follow';
  const noInput = 'standard input cannot be followed: name a file';
  const noAddress = (name: string): string =>
    `'${name}' is no address of a server, such as http://127.0.0.1:8080`;

  test.each([
    ['to follow several files', [somewhere, 'a.csv', 'b.csv', '--follow'], several],
    ['to follow standard input', [somewhere, '--follow'], noInput],
    ['a word for an address', ['notaurl', 'rows.csv'], noAddress('notaurl')],
    ['a file for an address', ['rows.csv'], noAddress('rows.csv')],
  ])('%s', async (_, args, line) => {
    const run = await runCli(['feed', ...args]);
    expect(run).toEqual({ exitCode: 2, stdout: '', stderr: `rivulet: ${line}\n` });
  });

  test('a token that may not feed', async () => {
    const tokens = [{ token: 'secret', roles: ['read'] }] as const;
    const server = await serve(broadcaster(), { port: 0, tokens });
    vi.stubEnv('RIVULET_TOKEN', 'secret');
    closing.push(
      () => server.close(),
      () => vi.unstubAllEnvs(),
    );
    const run = await runCli(['feed', server.url, rowsFile(['1,2'])]);
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining(': forbidden: ')]);
  });
});

test('feed waits for a server up to its timeout, and without limit for one that had answered', async () => {
  const path = rowsFile(Array.from({ length: 20_000 }, (_, i) => `${i % 97},${(i % 97) / 2}`));
  const startMs = performance.now();
  const run = await runCli(['feed', 'http://127.0.0.1:1', path, '--wait', '1']);
  expect(performance.now() - startMs).toBeGreaterThan(1_000);
  expect([run.exitCode, run.stderr.trim().split('\n').at(-1)]).toEqual([
    2,
    'rivulet: nothing at http://127.0.0.1:1 in 1 s: the server cannot be reached',
  ]);

  const { pipeline, port } = await serving();
  const way = await cuttable(port);
  const child = startCli(['feed', `127.0.0.1:${way.port}`, path, '--json', '--wait', '0.5']);
  closing.push(() => child.kill('SIGKILL'));
  const end = endOf(child);
  while (pipeline.step === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  await way.away(1_500);
  const { exitCode, stdout } = await end;
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { fed: 20_000 }]);
}, 60_000);
