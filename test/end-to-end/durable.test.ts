import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { from as fromValues, lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Observation } from '../../src/broadcast/model.ts';
import { pool } from '../../src/learn/pool/pool.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { connect } from '../../src/node/server/connect.ts';
import { serve } from '../../src/node/server/serve.ts';
import { CheckpointFolder } from '../../src/node/training/checkpoints/checkpoint-folder.ts';
import { Checkpointer } from '../../src/node/training/checkpoints/checkpointer.ts';
import { PipelineModel } from '../../src/node/training/pipeline-model.ts';
import { Pipeline } from '../../src/pipeline.ts';
import { ToyModel } from '../broadcast/toy-model.ts';
import { rawClient } from './raw-client.ts';

let path: string;
const closing: (() => unknown)[] = [];
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'rivulet-durable-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(path, { recursive: true, force: true });
});

/** A program of one's own, as `docs/checkpoints.md` has it. */
const program = async () => {
  const folder = await CheckpointFolder.open(join(path, 'kept'));
  const { checkpoint } = (await folder.newest()) ?? {};
  const shown = broadcaster({
    name: 'greenhouse',
    ...(checkpoint?.isFinal && { continued: checkpoint.history }),
  });
  const pipeline = new Pipeline({
    ...{ task: 'regression', audience: shown },
    learner: pool({ task: 'regression', inputCount: 2, outputCount: 1 }),
  });
  if (checkpoint) pipeline.load(checkpoint.memory);
  const model = new PipelineModel(pipeline, {
    ...(checkpoint && { producers: checkpoint.producers }),
    saved: () => checkpoints.saved(),
  });
  const capture = () => ({
    model: { name: 'greenhouse' },
    ...{ step: pipeline.step, cost: pipeline.cost, memory: pipeline.save() },
    ...{ producers: model.producers, source: { name: 'sensors', taken: 0 } },
  });
  const checkpoints = new Checkpointer({ folder, shown, capture });
  const server = await serve({ broadcaster: shown, model }, { port: 0 });
  const end = async () => {
    await server.close();
    await checkpoints.close();
    model.stop();
  };
  // One of the tests takes the folder away.
  closing.push(() => end().catch(() => {}));
  return { server, pipeline, shown, end };
};

const samples = Array.from({ length: 30 }, (_, i) => ({
  features: { outside: Math.sin(i), light: i % 5 },
  target: i % 7,
}));

const post = async (url: string, query: string, body: string) => {
  const answer = await fetch(`${url}v1/feed?${query}`, { method: 'POST', body });
  return { status: answer.status, ...((await answer.json()) as object) };
};

const lines = (some: readonly object[]): string =>
  some.map((one) => JSON.stringify(one)).join('\n');

describe('samples that are durable', () => {
  test('are there after a restart, over either carrier, and not twice', async () => {
    const first = await program();
    const connection = connect(first.server.url);
    const told = connection.feed(fromValues(samples.slice(0, 20)), {
      ...{ producer: 'p', ack: 'durable' },
    });
    expect(await lastValueFrom(told)).toMatchObject({ upTo: 20 });
    connection.close();
    const query = 'producer=p&first=21&ack=durable';
    expect(await post(first.server.url, query, lines(samples.slice(20)))).toMatchObject({
      ...{ status: 200, accepted: 10, dup: 0, upTo: 30 },
    });
    const { history } = first.shown;
    await first.end();

    const second = await program();
    expect(second.pipeline.step).toBe(30);
    expect(second.pipeline.save()).toEqual(first.pipeline.save());
    expect(second.shown.history.epoch).toBe(history.epoch);
    expect(await post(second.server.url, query, lines(samples.slice(20)))).toMatchObject({
      ...{ status: 200, dup: 10, upTo: 30 },
    });
    expect(second.pipeline.step).toBe(30);
  });

  test('count as learned where all of them were refused', async () => {
    const first = await program();
    const query = 'producer=q&first=1&ack=durable';
    expect(await post(first.server.url, query, '{"x":[1]}\nnothing')).toMatchObject({ upTo: 2 });
    await first.end();
    const second = await program();
    const more = await post(second.server.url, 'producer=q&first=3', lines(samples.slice(0, 1)));
    expect(more).toMatchObject({ status: 200, accepted: 1, dup: 0 });
  });

  test('are requested again if the disk fails', async () => {
    const { server } = await program();
    rmSync(join(path, 'kept'), { recursive: true });
    writeFileSync(join(path, 'kept'), '');
    const { say, next, socket } = await rawClient(server.url);
    say({ t: 'feed', id: 1, samples: samples.slice(0, 2), ack: 'durable' });
    expect(await next('err')).toMatchObject({ id: 1, code: 'busy', retryMs: 1_000 });
    expect(await post(server.url, 'ack=durable', lines(samples.slice(0, 1)))).toMatchObject({
      ...{ status: 429, error: 'the checkpoint could not be written' },
    });
    socket.terminate();
  });
});

describe('without checkpoints, durable is refused and nothing is learned', () => {
  const plain = async () => {
    const toy = new ToyModel();
    const model = { feed: (some: readonly Observation[]) => toy.feed(some) };
    const server = await serve({ broadcaster: broadcaster({ name: 'toy' }), model }, { port: 0 });
    closing.push(() => server.close());
    return { toy, url: server.url };
  };
  const rows = Array.from({ length: 5 }, (_, i) => ({ x: [i, 1], y: [i] }));
  const numbered = { producer: 'p', first: 1 };
  const advice = /^this model keeps no checkpoints: .*"learned".*--checkpoint FOLDER$/;

  test('over the socket; the numbers are still to be had', async () => {
    const { toy, url } = await plain();
    const { say, next, socket } = await rawClient(url);
    say({ t: 'feed', id: 1, ...numbered, samples: rows, ack: 'durable' });
    const { id, code, message } = await next('err');
    expect({ id, code }).toEqual({ id: 1, code: 'unsupported' });
    expect(message).toMatch(advice);
    expect(toy.fed).toEqual([]);
    say({ t: 'feed', id: 2, ...numbered, samples: rows });
    expect(await next('fed')).toMatchObject({ id: 2, dup: 0, upTo: 5 });
    expect(toy.step).toBe(5);
    socket.terminate();
  });

  test('over HTTP; the numbers are still to be had', async () => {
    const { toy, url } = await plain();
    const query = 'producer=p&first=1';
    const refused = await post(url, `${query}&ack=durable`, lines(rows));
    const error = expect.stringMatching(advice);
    expect(refused).toMatchObject({ status: 501, error, accepted: 0 });
    expect(toy.fed).toEqual([]);
    expect(await post(url, 'ack=durable', '')).toMatchObject({ status: 501, error });
    expect(await post(url, query, lines(rows))).toMatchObject({ status: 200, dup: 0, upTo: 5 });
    expect(toy.step).toBe(5);
  });
});
