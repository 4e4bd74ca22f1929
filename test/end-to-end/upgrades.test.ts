import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { attach } from '../../src/node/server/attach.ts';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { ToyModel } from '../broadcast/toy-model.ts';
import { rawClient } from './raw-client.ts';
import { rawHttp, statusOf, upgradeOf } from './raw-http.ts';
import { toyServer } from './toy-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const toy = (name = 'toy') => {
  const shown = broadcaster({ name });
  shown.publish(snapshotAt(7));
  return { broadcaster: shown, model: new ToyModel() };
};

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

/** Targets that make `new URL` throw, or name another path than they seem to. */
const malformed = ['//', '//evil.example/', '///', '/%zz', '/%ff', '\\', '/a\\b', '?'];

describe('an upgrade with a malformed target', () => {
  test('is 400 and a closed connection, and the server runs on', async () => {
    const { server, port, join } = await toyServer();
    closing.push(() => server.close());
    for (const target of malformed) {
      const answer = await rawHttp(port, upgradeOf(target));
      expect([target, statusOf(answer), answer.isClosed]).toEqual([target, 400, true]);
      const plain = `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
      expect(statusOf(await rawHttp(port, plain)), target).toBe(400);
    }
    const { next } = await join();
    await next('welcome');
  });

  test('is 400 on a server that something is attached to, and the host runs on', async () => {
    const server = createServer((_, response) => response.end('own'));
    const attachment = attach(server, toy(), { path: '/model' });
    closing.push(() => attachment.close());
    const port = await listening(server);
    for (const target of malformed) {
      const answer = await rawHttp(port, upgradeOf(target));
      expect([target, statusOf(answer), answer.isClosed]).toEqual([target, 400, true]);
    }
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('own');
  });
});

describe('an upgrade at a path where nothing is attached', () => {
  test('is 404 and a closed connection, also between two attachments', async () => {
    const server = createServer((_, response) => response.end('own'));
    const one = attach(server, toy('one'), { path: '/one' });
    const two = attach(server, toy('two'), { path: '/two' });
    closing.push(
      () => one.close(),
      () => two.close(),
    );
    expect(() => attach(server, toy(), { path: '/one' })).toThrow(
      'two models are attached at the path /one',
    );
    const port = await listening(server);
    for (const target of ['/other', '/one/', '/', '/one/v1/', '*']) {
      const answer = await rawHttp(port, upgradeOf(target));
      expect([target, statusOf(answer), answer.isClosed]).toEqual([target, 404, true]);
    }
    const { next } = await rawClient(`http://127.0.0.1:${port}/two`);
    expect(await next('welcome')).toMatchObject({ model: { name: 'two' } });
    await one.close();
    expect(statusOf(await rawHttp(port, upgradeOf('/one')))).toBe(404);
  });

  test('is answered by another listener of the host, malformed or not', async () => {
    const server = createServer();
    const attachment = attach(server, toy(), { path: '/model' });
    closing.push(() => attachment.close());
    const seen: (string | undefined)[] = [];
    server.on('upgrade', ({ url }, stream) => {
      seen.push(url);
      stream.end('HTTP/1.1 418 Teapot\r\nConnection: close\r\n\r\n');
    });
    const port = await listening(server);
    for (const target of ['/other', '//']) {
      expect(statusOf(await rawHttp(port, upgradeOf(target))), target).toBe(418);
    }
    expect(seen).toEqual(['/other', '//']);
  });
});

test('an upgrade behind requests that are not answered yet gets no WebSocket', async () => {
  const { server, port } = await toyServer();
  closing.push(() => server.close());
  const get = 'GET /v1/model HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
  const { text, isClosed } = await rawHttp(port, get + upgradeOf('/'));
  expect(isClosed).toBe(true);
  expect(text).not.toContain('101 Switching');
  expect(server.connectionCount).toBe(0);
});

test('an upgrade over HTTP/1.0, with another method or without a key is refused', async () => {
  const { server, port } = await toyServer();
  closing.push(() => server.close());
  const upgrade = upgradeOf('/');
  const cases: [string, number][] = [
    [upgrade.replace('HTTP/1.1', 'HTTP/1.0'), 400],
    [upgrade.replace('GET', 'POST'), 405],
    [upgrade.replace(/Sec-WebSocket-Key.*\r\n/, ''), 400],
    [upgrade.replace('rivulet.v1', 'rivulet.v1,'), 400],
    [upgrade.replace('Host: 127.0.0.1', 'Host: 127.0.0.1\r\nHost: localhost'), 400],
    [upgrade.replace('GET /', 'GET http://evil.example/'), 403],
  ];
  for (const [bytes, status] of cases) {
    const answer = await rawHttp(port, bytes);
    expect([bytes, statusOf(answer), answer.isClosed]).toEqual([bytes, status, true]);
  }
});

/** Sends each request when the answer to the one before it has come; tells all answers. */
const oneAfterAnother = async (port: number, requests: readonly string[]) => {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  for (const request of requests) {
    socket.write(request);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    text += String(answer);
  }
  const [isClosed] = await Promise.race([
    once(socket, 'close').then(() => [true]),
    new Promise<boolean[]>((resolve) => setTimeout(() => resolve([false]), 2_000)),
  ]);
  socket.destroy();
  return { text, isClosed };
};

describe('an upgrade to another protocol', () => {
  const h2c =
    'Connection: keep-alive, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
  const last = 'GET /v2/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';

  test('is ignored: the request is answered, its body is read, and the connection is used on', async () => {
    const { server, port, model } = await toyServer();
    closing.push(() => server.close());
    const body = '{"x":[0,1],"y":[1]}\n'.repeat(3);
    const post = `POST /v1/feed HTTP/1.1\r\nHost: 127.0.0.1\r\n${h2c}Content-Length: ${body.length}\r\n\r\n${body}`;
    const { text, isClosed } = await oneAfterAnother(port, [post, last]);
    expect(text).toContain('"accepted":3');
    expect(text).toContain('"live":true');
    expect(isClosed).toBe(true);
    expect(model.step).toBe(3);
  });

  test('is ignored as often as a client asks on one connection', async () => {
    const { server, port } = await toyServer();
    closing.push(() => server.close());
    const warnings: Error[] = [];
    const note = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', note);
    closing.push(() => process.off('warning', note));
    const socket = connect(port, '127.0.0.1');
    for (let i = 0; i < 20; i += 1) {
      socket.write(`GET /v2 HTTP/1.1\r\nHost: 127.0.0.1\r\n${h2c}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(String(answer)).toMatch(/^HTTP\/1\.1 200/);
    }
    socket.destroy();
    expect(warnings).toEqual([]);
  });

  test('reaches the routes of a host', async () => {
    const app = express();
    app.get('/own', (_, response) => {
      response.send('own');
    });
    const server = createServer(app);
    const attachment = attach(server, toy(), { path: '/model' });
    closing.push(() => attachment.close());
    const port = await listening(server);
    const get = `GET /own HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`;
    expect((await oneAfterAnother(port, [get, last])).text).toMatch(/200 OK.*own.*404 Not Found/s);
  });
});
