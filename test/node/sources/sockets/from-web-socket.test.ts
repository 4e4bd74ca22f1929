import type { AddressInfo } from 'node:net';
import { firstValueFrom, lastValueFrom, take, tap, toArray } from 'rxjs';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { fromWebSocket } from '../../../../src/node/sources/sockets/from-web-socket.ts';
import type { Rejection } from '../../../../src/stream/rejection.ts';
import { noneBuffered } from '../../../../src/stream/waiting.ts';

let server: WebSocketServer;
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});

const serving = async (welcome: (socket: WebSocket, visit: number) => void): Promise<string> => {
  let visits = 0;
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    visits += 1;
    welcome(socket, visits);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test('a message is a record or an array of them', async () => {
  const url = await serving((socket) => {
    socket.send('{"a":1,"target":2}');
    socket.send('[{"a":3},{"a":4}]');
  });
  const examples = await lastValueFrom(fromWebSocket(url).pipe(take(3), toArray()));
  expect(examples).toEqual([
    { features: { a: 1 }, target: 2 },
    { features: { a: 3 } },
    { features: { a: 4 } },
  ]);
});

test('what is no record is rejected, and the rest comes', async () => {
  const url = await serving((socket) => {
    socket.send('nonsense');
    socket.send(Buffer.of(1, 2), { binary: true });
    socket.send('[{"a":1},7]');
    socket.send('{"a":2}');
  });
  const rejections: Rejection[] = [];
  const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
  const source = fromWebSocket(url, { rejected });
  const examples = await lastValueFrom(source.pipe(take(2), toArray()));
  expect(examples.map(({ features }) => features)).toEqual([{ a: 1 }, { a: 2 }]);
  expect(rejections.map(({ code }) => code)).toEqual(['parse', 'parse', 'shape']);
});

test('it comes back after a break, and says hello each time', async () => {
  const url = await serving((socket, visit) => {
    socket.once('message', (hello) => {
      socket.send(JSON.stringify({ visit, hello: String(hello) }));
      if (visit === 1) setTimeout(() => socket.terminate(), 20);
    });
  });
  const source = fromWebSocket(url, { hello: 'subscribe' });
  const examples = await lastValueFrom(source.pipe(take(2), toArray()));
  expect(examples.map(({ features }) => features)).toEqual([
    { visit: 1, hello: 'subscribe' },
    { visit: 2, hello: 'subscribe' },
  ]);
});

test('a message over the limit is rejected, and the connection stands', async () => {
  const url = await serving((socket, visit) => {
    socket.send(`"${'x'.repeat(10 * 2 ** 20)}"`);
    socket.send(`{"visit":${visit}}`);
  });
  const reasons: string[] = [];
  const rejected = { next: ({ reason }: Rejection) => reasons.push(reason) };
  const example = await firstValueFrom(fromWebSocket(url, { rejected }));
  expect(example.features).toEqual({ visit: 1 });
  expect(reasons).toEqual(['a message of 10485762 bytes; 1048576 are allowed']);
});

test('a message that would fill the memory ends the connection, not the stream', async () => {
  const url = await serving((socket, visit) => {
    socket.send(visit === 1 ? `"${'x'.repeat(16 * 2 ** 20)}"` : '{"a":1}');
  });
  expect((await firstValueFrom(fromWebSocket(url))).features).toEqual({ a: 1 });
});

test('with block the server has to wait, and nothing is left out', async () => {
  const total = 20_000;
  let sent = 0;
  const url = await serving((socket) => {
    const send = (): void => {
      // No more than the system takes: what is not read holds the sender.
      for (; sent < total && socket.bufferedAmount < 1 << 16; sent += 1) {
        socket.send(`[{"a":${sent}},{"b":"${'x'.repeat(4_000)}"}]`);
      }
      if (sent < total) setTimeout(send, 1);
    };
    send();
  });
  const counters = noneBuffered();
  let waitingMost = 0;
  const seen: unknown[] = [];
  const source = fromWebSocket(url, { policy: 'block', size: 10, counters, rate: 20_000 });
  await lastValueFrom(
    source.pipe(
      take(3_000),
      tap(({ features }) => {
        waitingMost = Math.max(waitingMost, counters.waiting);
        if ('a' in features) seen.push(features['a']);
      }),
    ),
  );
  expect(seen).toEqual(Array.from({ length: 1_500 }, (_, i) => i));
  expect(waitingMost).toBeLessThanOrEqual(10);
  expect(sent).toBeLessThan(total);
});

test('misuse shows at once', () => {
  expect(() => fromWebSocket('ws://127.0.0.1:1', { size: 0 })).toThrow(RangeError);
  expect(() => fromWebSocket('ws://127.0.0.1:1', { rate: 0 })).toThrow(RangeError);
});

test('a server that closes each connection without a message is given up', async () => {
  let visits = 0;
  const url = await serving((socket, visit) => {
    visits = visit;
    socket.close(1001);
  });
  const source = fromWebSocket(url, { attemptsMax: 2 });
  await expect(lastValueFrom(source)).rejects.toThrow(`gave up ${url} after 2 attempts`);
  expect(visits).toBe(3);
});

test('text that is not UTF-8 ends a connection, and the next one brings good records', async () => {
  const url = await serving((socket, visit) => {
    if (visit > 1) socket.send('\uFEFF{"a":1}');
    else socket.send(Buffer.of(0x7b, 0xff, 0x7d), { binary: false });
  });
  expect((await firstValueFrom(fromWebSocket(url))).features).toEqual({ a: 1 });
});
