import { createConnection } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Limits } from '../../src/broadcast/limits.ts';
import type { ServeOptions } from '../../src/node/server/serve.ts';
import { snapshotAt } from '../broadcast/snapshots.ts';
import { eventually } from '../eventually.ts';
import { rawClient, streamOf } from './raw-client.ts';
import { toyServer } from './toy-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const start = async (limits: Partial<Limits> = {}, options: ServeOptions = {}) => {
  const started = await toyServer(limits, options);
  closing.push(() => started.server.close());
  return started;
};

const sample = { x: [0, 1], y: [1] };
const samples = (count: number) => Array.from({ length: count }, () => sample);

describe('every limit is reached through a socket:', () => {
  test('connections', async () => {
    const { join, url } = await start({ connections: 2 });
    await join();
    await join();
    await expect(rawClient(url)).rejects.toThrow('503 too many connections');
  });

  test('connections from one address, which a trusted proxy names', async () => {
    const { url } = await start({ connectionsPerAddress: 1 }, { trustProxy: true });
    const headers = { 'x-forwarded-for': 'spoofed, 192.0.2.7' };
    await rawClient(url, { headers });
    await expect(rawClient(url, { headers })).rejects.toThrow('429 too many connections');
    await rawClient(url, { headers: { 'x-forwarded-for': '192.0.2.8' } });
  });

  test('hello', async () => {
    const { url } = await start({ helloMs: 50 });
    const { closed } = await rawClient(url, { hello: false });
    expect((await closed).code).toBe(4007);
  });

  test('subscriptions', async () => {
    const { join } = await start({ subscriptions: 1 });
    const { say, next } = await join();
    say({ t: 'sub', id: 1, topic: 'cost' });
    say({ t: 'sub', id: 2, topic: 'cost' });
    expect(await next('err')).toMatchObject({ id: 2, code: 'limit' });
  });

  test('a message', async () => {
    const { join } = await start({ messageBytes: 10_000 });
    const one = await join();
    one.say({ t: 'feed', id: 1, samples: samples(1_000) });
    expect((await one.closed).code).toBe(1009);
  });

  test('a message that is neither predict nor feed', async () => {
    const { join } = await start({ controlBytes: 100 });
    const { say, closed } = await join();
    say({ t: 'hb', more: 'x'.repeat(100) });
    expect((await closed).code).toBe(4413);
  });

  test('a hundred megabytes', async () => {
    const { join } = await start();
    const { socket, closed } = await join();
    const stranger = await join();
    socket.on('error', () => {});
    socket.send('x'.repeat(100_000_000), () => {});
    expect([1006, 1009]).toContain((await closed).code);
    stranger.say({ t: 'predict', id: 1, x: [[0, 1]] });
    await stranger.next('pred');
  });

  test('fragments, be they of one byte', async () => {
    const { join } = await start({ fragments: 8 });
    const { socket, closed } = await join();
    for (let i = 0; i < 20; i += 1) socket.send('x', { fin: false });
    expect((await closed).code).toBe(1008);
  });

  test('chunks of a frame', async () => {
    const { join } = await start({ bufferedChunks: 8, messageBytes: 1_000_000 });
    const { socket, closed } = await join();
    const stream = streamOf(socket);
    // A masked text frame of 60,000 bytes, which comes slowly.
    (stream as unknown as { write(data: Buffer): void }).write(
      Buffer.from([0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0]),
    );
    const timer = setInterval(() => {
      if (socket.readyState === socket.OPEN) {
        (stream as unknown as { write(data: Buffer): void }).write(Buffer.from('x'));
      }
    }, 2);
    expect((await closed).code).toBe(1008);
    clearInterval(timer);
  });

  test('messages a second', async () => {
    const { join } = await start({ messagesPerSecond: 5, breaches: 2 });
    const { say, next, closed } = await join();
    for (let i = 0; i < 10; i += 1) say({ t: 'hb' });
    expect(await next('err')).toMatchObject({ code: 'limit', retryMs: 1000 });
    expect((await closed).code).toBe(4429);
  });

  test('predictions under way, and rows of one', async () => {
    const { join, model } = await start({ predictsInFlight: 1, predictRows: 1 });
    const { say, messages, next } = await join();
    const rows = [
      [0, 1],
      [0, 1],
    ];
    say({ t: 'predict', id: 1, x: rows });
    expect(await next('err')).toMatchObject({ id: 1, code: 'limit' });
    vi.spyOn(model, 'predict').mockReturnValue(new Promise(() => {}) as never);
    say({ t: 'predict', id: 2, x: [[0, 1]] });
    say({ t: 'predict', id: 3, x: [[0, 1]] });
    await eventually(() => expect(messages.at(-1)).toMatchObject({ id: 3, code: 'limit' }));
  });

  test('samples in a message, and those accepted and not learned', async () => {
    const { join, model } = await start({ feedBatch: 2, feedCredit: 3, feedQueue: 4 });
    let open = () => {};
    model.gate = new Promise((resolve) => {
      open = resolve;
    });
    closing.push(() => open());
    const one = await join();
    one.say({ t: 'feed', id: 1, samples: samples(3) });
    expect(await one.next('err')).toMatchObject({ id: 1, code: 'limit' });
    one.say({ t: 'feed', id: 2, samples: samples(2) });
    one.say({ t: 'feed', id: 3, samples: samples(2) });
    await eventually(() => expect(one.messages.at(-1)).toMatchObject({ id: 3, code: 'busy' }));
    const other = await join();
    other.say({ t: 'feed', id: 4, samples: samples(2) });
    other.say({ t: 'feed', id: 5, samples: samples(1) });
    expect(await other.next('err')).toMatchObject({ id: 5, code: 'busy' });
    one.say({ t: 'feed', id: 6, samples: samples(2) });
    one.say({ t: 'feed', id: 7, samples: samples(2) });
    expect((await one.closed).code).toBe(4005);
  });

  test('bytes that are kept for one who does not read', async () => {
    const { join, shown, server } = await start({ retainedBytes: 100_000 });
    const { say, socket } = await join();
    say({ t: 'sub', id: 1, topic: 'weights', maxHz: 30, window: 16 });
    streamOf(socket).pause();
    const big = (step: number) => ({
      ...snapshotAt(step),
      tensors: [{ name: 'W', shape: [10_000], values: new Float32Array(10_000).fill(step) }],
    });
    const before = process.memoryUsage().rss;
    for (let step = 2; step < 60; step += 1) {
      shown.publish(big(step));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(server.connectionCount).toBe(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    socket.terminate();
  });

  test('a log that dropped entries before a subscriber had them', async () => {
    const { join, shown } = await start({ logEntries: 4, retainedBytes: 1_000 });
    const { say, socket, next } = await join();
    say({ t: 'sub', id: 1, topic: 'events', onLag: 'close' });
    await next('ok');
    streamOf(socket).pause();
    const message = 'x'.repeat(100_000);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    for (let step = 0; step < 200; step += 1) {
      shown.event({ kind: 'drift', step, message });
      if (step % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    streamOf(socket).resume();
    expect([4002, 1006]).toContain(await closed);
  });

  test('a pong that does not come', async () => {
    const { url } = await start({ pingMs: 50, pongMs: 50 });
    const { socket, next, closed } = await rawClient(url, { hello: false });
    (socket as unknown as { pong: () => void }).pong = () => {};
    (socket as unknown as { _autoPong: boolean })._autoPong = false;
    socket.send('{"t":"hello","v":1}');
    await next('welcome');
    expect((await closed).code).toBe(4003);
  });

  test('an upgrade that comes slowly: it is cut, and does not keep others out', async () => {
    const { port, join } = await start({ headersMs: 200 });
    const drops = Array.from({ length: 50 }, () => {
      const socket = createConnection(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nX: ');
      const timer = setInterval(() => socket.write('x'), 50);
      socket.on('close', () => clearInterval(timer));
      return socket;
    });
    const closed = drops.map((socket) => new Promise((resolve) => socket.on('close', resolve)));
    for (const socket of drops) socket.resume();
    const { say, next } = await join();
    say({ t: 'predict', id: 1, x: [[0, 1]] });
    await next('pred');
    await Promise.all(closed);
  });
});
