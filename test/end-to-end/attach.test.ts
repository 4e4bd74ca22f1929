import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { attach } from '../../src/node/attach.ts';
import { broadcaster } from '../../src/node/broadcaster.ts';
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

  test('upgrades at other paths are left to whoever listens for them', async () => {
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
    // The server itself, and what others have on it, go on.
    expect(await (await fetch(url)).text()).toBe('own');
    expect(chat.socket.readyState).toBe(chat.socket.OPEN);
    chat.socket.terminate();
  });
});
