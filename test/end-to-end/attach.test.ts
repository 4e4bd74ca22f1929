import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { attach } from '../../src/node/server/attach.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';
import { rawClient } from './raw-client.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const toy = () => {
  const shown = broadcaster({ name: 'toy' });
  shown.publish(snapshotAt(7));
  return { broadcaster: shown, model: new ToyModel() };
};

const addressOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const listen = (server: Server): Promise<void> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const post = async (url: string, body: string, type: string): Promise<unknown> =>
  (await fetch(url, { method: 'POST', body, headers: { 'Content-Type': type } })).json();

describe('the stream on a server that somebody has already:', () => {
  test('Fastify keeps its routes, and answers those of the protocol too', async () => {
    const app = fastify();
    app.get('/own', () => ({ own: true }));
    const attachment = attach(app.server, toy(), { path: '/model' });
    app.setNotFoundHandler((request, reply) => {
      reply.hijack();
      return attachment.handle(request.raw, reply.raw);
    });
    await app.listen({ port: 0 });
    closing.push(
      () => app.close(),
      () => attachment.close(),
    );
    const url = addressOf(app.server);
    expect(await (await fetch(`${url}/own`)).json()).toEqual({ own: true });
    expect(await (await fetch(`${url}/v1/snapshot`)).json()).toMatchObject({ step: 7 });
    for (const path of ['/model', '/model/v1']) {
      const { say, next, socket } = await rawClient(url + path);
      expect(await next('welcome')).toMatchObject({ step: 7 });
      say({ t: 'predict', id: 1, x: [[0, 1]] });
      await next('pred');
      socket.close();
    }
  });

  test('Express keeps its routes, and answers those of the protocol under a path too', async () => {
    const app = express();
    app.use(express.json());
    app.get('/own', (_request, response) => {
      response.json({ own: true });
    });
    const server = app.listen(0, '127.0.0.1');
    const attachment = attach(server, toy(), { path: '/model' });
    app.use('/model', (request, response) => attachment.handle(request, response));
    closing.push(
      () => new Promise((resolve) => server.close(resolve)),
      () => attachment.close(),
    );
    await once(server, 'listening');
    const url = addressOf(server);
    expect(await (await fetch(`${url}/own`)).json()).toEqual({ own: true });
    expect((await fetch(`${url}/v1/snapshot`)).status).toBe(404);
    expect(await (await fetch(`${url}/model/v1/snapshot`)).json()).toMatchObject({ step: 7 });
    const fed = await post(
      `${url}/model/v1/feed`,
      '{"x":[0,1],"y":[0,1,0]}\n',
      'application/x-ndjson',
    );
    expect(fed).toMatchObject({ accepted: 1, rejected: [] });
    const x = { name: 'x', datatype: 'FP64', shape: [1, 2], data: [0, 1] };
    const body = JSON.stringify({ inputs: [x] });
    const inferred = await post(`${url}/model/v2/models/toy/infer`, body, 'application/json');
    expect(inferred).toMatchObject({ model_name: 'toy' });
    const viewer = await rawClient(`${url}/model`);
    await viewer.next('welcome');
    viewer.say({ t: 'predict', id: 1, x: [[0, 1]] });
    await viewer.next('pred');
    await attachment.close();
    expect((await viewer.closed).code).toBe(4001);
    expect((await fetch(`${url}/own`)).status).toBe(200);
  });

  test('upgrades at other paths are left to other listeners', async () => {
    const server = createServer((_, response) => response.end('own'));
    const others = new WebSocketServer({ noServer: true });
    others.on('connection', (socket) => socket.send('{"t":"hb"}'));
    server.on('upgrade', (request, stream, head) => {
      if (request.url !== '/chat') return;
      others.handleUpgrade(request, stream, head, (socket) => others.emit('connection', socket));
    });
    const attachment = attach(server, toy(), { path: '/model' });
    await listen(server);
    closing.push(
      () => new Promise((resolve) => server.close(resolve)),
      () => attachment.close(),
      () => others.close(),
    );
    const url = addressOf(server);
    expect(await (await fetch(url)).text()).toBe('own');
    const chat = await rawClient(`${url}/chat`, { protocols: [], hello: false });
    await chat.next('hb');
    const viewer = await rawClient(`${url}/model`);
    await viewer.next('welcome');
    expect(attachment.connectionCount).toBe(1);
    await attachment.close();
    expect((await viewer.closed).code).toBe(4001);
    // The server itself, and its other handlers, keep running.
    expect(await (await fetch(url)).text()).toBe('own');
    expect(chat.socket.readyState).toBe(chat.socket.OPEN);
    chat.socket.terminate();
  });
});
