import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import fastify from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { attach } from '../../src/node/server/attach.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const toy = () => {
  const shown = broadcaster({ name: 'toy' });
  shown.publish(snapshotAt(7));
  return { broadcaster: shown, model: new ToyModel() };
};

/** Express with these handlers in front; sends a body and tells the answer. */
const behind = async (...handlers: RequestHandler[]) => {
  const app = express();
  for (const handler of handlers) app.use(handler);
  const server = app.listen(0, '127.0.0.1');
  const model = toy();
  const attachment = attach(server, model);
  app.use((request, response) => attachment.handle(request, response));
  closing.push(
    () => server.close(),
    () => attachment.close(),
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const post = async (path: string, body: string, type: string) => {
    const headers = { 'Content-Type': type };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body,
      headers,
    });
    return { status: response.status, body: await response.json() };
  };
  return { post, model: model.model };
};

const line = '{"x":[0,1],"y":[1]}';
const two = `${line}\n\n${line}`;
const ndjson = 'application/x-ndjson';
const question = JSON.stringify({
  inputs: [{ name: 'x', shape: [1, 2], datatype: 'FP64', data: [0, 1] }],
});

describe('a body that a parser in front has read', () => {
  test.each<[string, RequestHandler]>([
    ['express.text', express.text({ type: '*/*' })],
    ['express.raw', express.raw({ type: '*/*' })],
    ['express.json, which leaves other types alone', express.json()],
  ])('is used: %s', async (_, parser) => {
    const { post, model } = await behind(parser);
    expect(await post('/v1/feed', two, ndjson)).toMatchObject({
      status: 200,
      body: { accepted: 2 },
    });
    expect(model.step).toBe(2);
    const answer = await post('/v2/models/toy/infer', question, 'application/json');
    expect(answer).toMatchObject({ status: 200, body: { model_name: 'toy' } });
  });

  test('is used as values: a sample, or an array of them, of which a bad one is rejected by itself', async () => {
    const { post, model } = await behind(express.json({ strict: false }));
    const json = 'application/json';
    expect((await post('/v1/feed', line, json)).body).toMatchObject({ accepted: 1, rejected: [] });
    const many = await post('/v1/feed', `[${line},7,${line},{"x":"none"}]`, json);
    expect(many).toMatchObject({
      status: 200,
      body: { accepted: 4, rejected: [{ i: 1 }, { i: 3 }] },
    });
    expect(model.step).toBe(3);
    expect((await post('/v2/models/toy/infer', '7', json)).status).toBe(400);
  });

  test('and is kept nowhere is answered with an error that says what to do', async () => {
    const { post } = await behind((request, _, next) => {
      request.resume().on('end', next);
    });
    for (const path of ['/v1/feed', '/v2/models/toy/infer']) {
      const { status, body } = await post(path, two, ndjson);
      expect([status, body.error]).toEqual([500, expect.stringContaining('request.body')]);
    }
  });

  test('is used from Fastify, which keeps it elsewhere, once it is handed over', async () => {
    const app = fastify();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
    const model = toy();
    const attachment = attach(app.server, model);
    app.setNotFoundHandler((request, reply) => {
      reply.hijack();
      return attachment.handle(Object.assign(request.raw, { body: request.body }), reply.raw);
    });
    const url = await app.listen({ port: 0 });
    closing.push(
      () => app.close(),
      () => attachment.close(),
    );
    const headers = { 'Content-Type': ndjson };
    const response = await fetch(`${url}/v1/feed`, { method: 'POST', body: two, headers });
    expect(await response.json()).toMatchObject({ accepted: 2 });
  });
});
