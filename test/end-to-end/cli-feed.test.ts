import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { singleNetwork } from '../../src/learn/single-network.ts';
import { broadcaster } from '../../src/node/broadcaster.ts';
import { PipelineModel } from '../../src/node/pipeline-model.ts';
import { serve } from '../../src/node/serve.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { Governor } from '../../src/stream/governor.ts';
import { endOf, startCli } from './run-cli.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server whose model learns only what it is fed. */
const serving = async () => {
  const shown = broadcaster();
  const task = 'regression' as const;
  const model = new PipelineModel({
    audience: shown,
    pipeline: () => pipeline,
    governor: new Governor(),
  });
  const pipeline: Pipeline = new Pipeline({
    task,
    learner: singleNetwork({ task, inputCount: 1, outputCount: 1 }),
    audience: model,
  });
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
  return { port: (proxy.address() as AddressInfo).port, cut };
};

test('every row arrives, and once, though the connection is cut', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rivulet-feed-'));
  closing.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'rows.csv');
  const rows = Array.from({ length: 30_000 }, (_, i) => `${i % 97},${(i % 97) / 2}`);
  writeFileSync(path, ['a,target', ...rows, 'bad', '1,x'].join('\n'));
  const { pipeline, port } = await serving();
  const way = await cuttable(port);

  const child = startCli(['feed', `127.0.0.1:${way.port}`, path, '--json']);
  closing.push(() => child.kill('SIGKILL'));
  const end = endOf(child);
  while (pipeline.step < 2_000) await new Promise((resolve) => setTimeout(resolve, 2));
  way.cut();

  const { exitCode, stdout, stderr } = await end;
  expect([exitCode, stderr.split('\n')[0]]).toEqual([0, expect.stringContaining('waiting for')]);
  expect(JSON.parse(stdout)).toEqual({ fed: 30_001, rejected: 2, step: 30_000 });
  expect(pipeline.step).toBe(30_000);
}, 90_000);
