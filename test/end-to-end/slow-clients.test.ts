import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Limits } from '../../src/broadcast/limits.ts';
import { eventually } from '../eventually.ts';
import { rawHttp, statusOf } from './raw-http.ts';
import { toyServer } from './toy-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

let page: string;
beforeEach(() => {
  page = mkdtempSync(join(tmpdir(), 'rivulet-page-'));
  closing.push(() => rmSync(page, { recursive: true }));
  writeFileSync(join(page, 'index.html'), 'hello');
  writeFileSync(join(page, 'large.js'), '');
  // Larger than what a connection itself holds.
  truncateSync(join(page, 'large.js'), largeBytes);
});

const start = async (limits: Partial<Limits> = {}) => {
  const started = await toyServer(limits, { page });
  closing.push(() => started.server.close());
  return started;
};

const largeBytes = 30_000_000;

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;

const last = (path: string): string =>
  get(path).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');

const descriptors = (): number => readdirSync('/proc/self/fd').length;

const open = (port: number): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => {});
    closing.push(() => socket.destroy());
  });

describe('a client that', () => {
  test('pipelines requests for a file, reads none and goes away holds one file open', async () => {
    const { port } = await start({ requestsPipelined: 2_000 });
    const before = descriptors();
    const socket = await open(port);
    socket.pause();
    socket.write(get('/large.js').repeat(900));
    await new Promise((resolve) => setTimeout(resolve, 200));
    // Both ends of the connection lie in this process.
    expect(descriptors() - before).toBeLessThanOrEqual(3);
    socket.destroy();
    await eventually(() => expect(descriptors()).toBeLessThanOrEqual(before));
  });

  test('aborts 10,000 requests leaves no file open', async () => {
    const { port } = await start();
    await rawHttp(port, last('/'));
    const before = descriptors();
    for (let i = 0; i < 250; i += 1) {
      const socket = await open(port);
      socket.write(get(i % 2 ? '/large.js' : '/index.html').repeat(40));
      if (i % 5 === 0) await new Promise((resolve) => socket.once('data', resolve));
      if (i % 3 === 0) socket.resetAndDestroy();
      else socket.destroy();
      closing.pop();
    }
    await eventually(() => expect(descriptors()).toBeLessThanOrEqual(before));
  });

  test('pipelines more requests than may wait is cut off', async () => {
    const { port } = await start({ requestsPipelined: 8 });
    const eight = await rawHttp(
      port,
      get('/large.js') + get('/v2').repeat(7) + last('/v2'),
      20_000,
    );
    expect(eight.text.match(/HTTP\/1.1 200/g)).toHaveLength(9);
    const nine = await rawHttp(port, get('/large.js').repeat(12));
    expect(nine.isClosed).toBe(true);
    expect(nine.text.match(/HTTP\/1.1 200/g)?.length ?? 0).toBeLessThan(9);
  });

  test('does not read an answer is cut off', async () => {
    const { port } = await start({ answerMs: 100 });
    const socket = await open(port);
    socket.pause();
    socket.write(get('/large.js'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    let length = 0;
    socket.on('data', (chunk) => {
      length += chunk.length;
    });
    await new Promise((resolve) => socket.resume().once('close', resolve));
    // What the connection held, and then the end.
    expect(length).toBeLessThan(largeBytes);
  });

  test('sends the headers of a request slowly (Slowloris), or nothing at all, is cut off', async () => {
    const { port } = await start({ headersMs: 200 });
    const silent = await open(port);
    const slow = await open(port);
    slow.write('GET / HTTP/1.1\r\nX: ');
    const timer = setInterval(() => slow.write('x'), 30);
    const ends = [silent, slow].map(
      (socket) => new Promise((resolve) => socket.resume().once('close', resolve)),
    );
    await Promise.all(ends);
    clearInterval(timer);
  });

  test('sends a body that stops is answered with 408, whatever it is for', async () => {
    const { port } = await start({ bodyMs: 100 });
    const answers = ['/v1/feed', '/v2/models/toy/infer'].map((path) => {
      const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n`;
      return rawHttp(port, `${head}{"x":[0,1],"y":[1]}\n`);
    });
    for (const answer of await Promise.all(answers)) {
      expect([statusOf(answer), answer.isClosed]).toEqual([408, true]);
    }
  });

  test('sends a body slowly that is read as a whole is answered with 408', async () => {
    const { port } = await start({ bodyMs: 200 });
    const socket = await open(port);
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.write(
      'POST /v2/models/toy/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999\r\n\r\n',
    );
    const timer = setInterval(() => socket.write(' '), 50);
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(timer);
    expect(text).toMatch(/^HTTP\/1.1 408/);
  });

  test('sends a body for which nobody waits gets its answer, and is cut off', async () => {
    const { port } = await start();
    const head = 'HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n';
    const lines = ['POST /nothing', 'PUT /v1/feed', 'POST //'];
    const answers = lines.map((line) => rawHttp(port, `${line} ${head}5\r\nhello\r\n`));
    const settled = await Promise.all(answers);
    expect(settled.map(statusOf)).toEqual([404, 405, 400]);
    expect(settled.every(({ isClosed }) => isClosed)).toBe(true);
  });

  test('sends more than the limit gets 413 before the connection is closed', async () => {
    const { port, join } = await start({ messageBytes: 100_000 });
    const text = 'x'.repeat(3_000_000);
    for (const path of ['/v1/feed', '/v2/models/toy/infer']) {
      for (const head of [`Content-Length: ${text.length}`, 'Transfer-Encoding: chunked']) {
        const isChunked = head.startsWith('T');
        const body = isChunked ? `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n` : text;
        const request = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${head}\r\n\r\n${body}`;
        const answer = await rawHttp(port, request);
        expect([path, head, statusOf(answer), answer.isClosed]).toEqual([path, head, 413, true]);
        expect(answer.text).toContain('more than 100000 bytes');
      }
    }
    await (await join()).next('welcome');
  });

  test('sends a body in pieces of one byte costs no more memory than its bytes', async () => {
    const { port, model } = await start();
    const line = '{"x":[0,1],"y":[1]}\n';
    const pieces = [...line].map((c) => `1\r\n${c}\r\n`).join('');
    const socket = await open(port);
    const head = 'POST /v1/feed HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n';
    socket.write(`${head}${pieces}${'1\r\n \r\n'.repeat(20_000)}0\r\n\r\n`);
    const answer = String(await new Promise((resolve) => socket.once('data', resolve)));
    expect(answer).toContain('"accepted":1');
    expect(model.step).toBe(1);
  });

  test('has sent as many requests as one connection may have must open another', async () => {
    const { port } = await start({ requestsPerConnection: 3 });
    const { text, isClosed } = await rawHttp(port, get('/v2').repeat(5));
    expect(text.match(/Connection: keep-alive/g)).toHaveLength(2);
    expect(text.match(/Connection: close/g)).toHaveLength(1);
    expect(isClosed).toBe(true);
  });
});

describe('a file of the page', () => {
  test('is sent whole, HEAD sends none of it, and what lies outside is not there', async () => {
    const { url } = await start();
    writeFileSync(join(page, 'empty.txt'), '');
    const large = await fetch(new URL('/large.js', url));
    expect((await large.arrayBuffer()).byteLength).toBe(largeBytes);
    expect(await (await fetch(url)).text()).toBe('hello');
    const head = await fetch(new URL('/large.js', url), { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(largeBytes));
    expect(await (await fetch(new URL('/empty.txt', url))).text()).toBe('');
    const outside = ['/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/index.html/', '/%00'];
    const paths = [...outside, '/index.html/x', '/.', '/..', '/../index.htm'];
    const { text } = await rawHttp(
      Number(new URL(url).port),
      paths.map(get).join('') + last('/none'),
    );
    expect(text.match(/HTTP\/1.1 404/g)).toHaveLength(paths.length + 1);
  });
});
