import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../build.ts';
import { hasMosquitto, Mosquitto } from '../node/sources/mqtt/mosquitto.ts';

const clone = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'rivulet-ends-'));
let broker: Mosquitto | undefined;

beforeAll(async () => {
  for (const name of ['clients', 'node_modules', 'package.json'])
    symlinkSync(join(clone, name), join(folder, name));
  await bundle(join(folder, 'dist'));
  if (hasMosquitto()) broker = await Mosquitto.start();
});
afterAll(async () => {
  await broker?.remove();
  rmSync(folder, { recursive: true });
});

const preamble = `
import { setTimeout as later } from 'node:timers/promises';
import { Subject } from 'rxjs';
import * as core from './dist/index.js';
import * as node from './dist/node/index.js';
import { fromMqtt } from './dist/node/sources/mqtt/index.js';
const learner = core.pool({ task: 'classification', inputCount: 1, outputCount: 2 });
const shown = node.broadcaster({ name: 'm' });
const pipeline = new core.Pipeline({ task: 'classification', learner, audience: shown });
const examples = new Subject();
const example = { features: { a: 1 }, target: 'x' };
const brokerUrl = process.argv[2];
`;

const serving = `
pipeline.run(examples).subscribe();
examples.next(example);
const model = new node.PipelineModel(pipeline);
const server = await node.serve({ broadcaster: shown, model }, { port: 0 });
`;

/** Programs that have nothing more to do after their last line. */
const programs: Record<string, string> = {
  'a pipeline on a Subject': `
    pipeline.run(examples).subscribe();
    examples.next(example);`,
  'a pipeline on a bounded Subject': `
    pipeline.run(examples.pipe(core.bounded())).subscribe();
    examples.next(example);`,
  'a pipeline whose source is paused': `
    const governor = new core.Governor();
    governor.pause();
    pipeline.run(core.fromAsyncIterable([example], { governor })).subscribe();
    await later(50);`,
  'a pipeline on a Subject, served, and the server closed': `${serving}
    await fetch(new URL('/v1/snapshot', server.url));
    await server.close();`,
  'a connection that was closed, and its server': `${serving}
    const connection = node.connect(server.url);
    connection.cost.subscribe();
    await new Promise((resolve) =>
      connection.state.subscribe(({ phase }) => phase === 'live' && resolve()));
    connection.close();
    await server.close();`,
  'a connection to a server that is absent, closed': `
    const connection = node.connect('http://127.0.0.1:9');
    await later(50);
    connection.close();`,
  'a training that has pulled its source to the end': `
    await core.trainFrom([example], pipeline);`,
  'a source of this host, unsubscribed': `
    const readings = node.host().subscribe();
    await later(50);
    readings.unsubscribe();`,
};

const ofBroker = (thread: boolean): string => `
  let connected = () => {};
  const stands = new Promise((resolve) => { connected = resolve; });
  const events = { next: ({ kind }) => kind === 'connected' && connected() };
  const source = fromMqtt(brokerUrl, { topics: 'a', clientId: 'ends${thread}', thread: ${thread}, events });
  const subscription = source.subscribe();
  await stands;
  subscription.unsubscribe();`;
const withBroker: Record<string, string> = {
  'a subscription to topics, unsubscribed': ofBroker(false),
  'a subscription to topics in a thread, unsubscribed': ofBroker(true),
};

/** Runs a program; a process that does not end by itself is killed, and its exit code is null. */
const exitOf = async (name: string, code: string): Promise<unknown> => {
  const file = join(folder, `${name.replaceAll(/\W/g, '-')}.mjs`);
  writeFileSync(file, preamble + code);
  const child = spawn(process.execPath, [file, broker?.url ?? ''], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const watchdog = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [exitCode] = await once(child, 'exit');
  clearTimeout(watchdog);
  return exitCode;
};

test.concurrent.each(Object.entries(programs))('the process ends after %s', async (name, code) => {
  expect(await exitOf(name, code)).toBe(0);
});

test.skipIf(!hasMosquitto()).concurrent.each(Object.entries(withBroker))(
  'the process ends after %s',
  async (name, code) => {
    expect(await exitOf(name, code)).toBe(0);
  },
);
