import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Limits } from '../../src/broadcast/limits.ts';
import { RateLimiter } from '../../src/node/server/request-guard.ts';
import { limitConnections, type ServeOptions } from '../../src/node/server/serve.ts';
import { rawClient } from './raw-client.ts';
import { toyServer } from './toy-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const start = async (limits: Partial<Limits>, options: ServeOptions = {}) => {
  const started = await toyServer(limits, options);
  closing.push(() => started.server.close());
  return started;
};

const from = (address: string, token?: string) => ({
  headers: {
    'x-forwarded-for': address,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  },
});

const tokens = [{ token: 'right' }];

describe('requests a second', () => {
  const options = { trustProxy: true, tokens };

  test('of one address without a valid token are 429 beyond the limit, with a time to come back', async () => {
    const { url } = await start({ requestsPerSecond: 3 }, options);
    const ask = (address: string, token?: string) =>
      fetch(new URL('/v2/health/live', url), from(address, token));
    // None, and wrong ones, which somebody might try one after another.
    const statuses: number[] = [];
    for (const token of [undefined, 'wrong', 'worse', undefined, 'worst']) {
      statuses.push((await ask('192.0.2.7', token)).status);
    }
    expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
    expect(statuses).toContain(429);
    const late = await Promise.all(Array.from({ length: 5 }, () => ask('192.0.2.7')));
    const refused = late.find(({ status }) => status === 429)!;
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toEqual({
      error: 'at most 3 requests a second from one address',
    });
    expect((await ask('192.0.2.8')).status).toBe(200);
    const known = await Promise.all(Array.from({ length: 9 }, () => ask('192.0.2.7', 'right')));
    expect(known.map(({ status }) => status)).toEqual(Array(9).fill(200));
  });

  test('of one IPv6 network count as one, of this machine not at all', async () => {
    const { url } = await start({ requestsPerSecond: 1 }, options);
    const ask = async (address: string) => (await fetch(new URL('/v2', url), from(address))).status;
    const network = await Promise.all(
      ['2001:db8::1', '2001:db8::2', '2001:db8::3:4', '2001:db8::a'].map(ask),
    );
    expect(network).toContain(429);
    const loopback = ['127.0.0.1', '::1', '127.0.0.1', '::1', 'unknown', ''].map(ask);
    expect(await Promise.all(loopback)).toEqual(Array(6).fill(200));
  });

  test('are not taken from X-Forwarded-For where no proxy is trusted', async () => {
    const { url } = await start({ requestsPerSecond: 1 });
    for (let i = 0; i < 5; i += 1) {
      expect((await fetch(new URL('/v2', url), from('192.0.2.7'))).status).toBe(200);
    }
  });
});

test('upgrades a second of one address are 429 beyond the limit, before anything else is done', async () => {
  const { url } = await start({ upgradesPerSecond: 2 }, { trustProxy: true, tokens });
  const join = (address: string, token?: string) =>
    rawClient(url, { ...from(address, token), hello: false }).then(
      () => 'in',
      (error: Error) => error.message,
    );
  const seen = await Promise.all(Array.from({ length: 6 }, () => join('192.0.2.7')));
  expect(seen.filter((found) => found === 'in')).toHaveLength(2);
  expect(seen).toContain('429 at most 2 upgrades a second from one address');
  expect(await join('192.0.2.7', 'right')).toBe('in');
  expect(await join('192.0.2.8')).toBe('in');
});

test('TCP connections of one address are closed beyond the limit, and count until they close', () => {
  class FakeSocket extends EventEmitter {
    destroyed = false;
    readonly remoteAddress: string;
    constructor(remoteAddress: string) {
      super();
      this.remoteAddress = remoteAddress;
    }
    destroy(): void {
      this.destroyed = true;
      this.emit('close');
    }
  }
  const server = new EventEmitter();
  limitConnections(server as Server, 2);
  const open = (address: string) => {
    const socket = new FakeSocket(address);
    server.emit('connection', socket);
    return socket;
  };
  const [one, two, three] = ['192.0.2.7', '::ffff:192.0.2.7', '192.0.2.7'].map(open);
  expect([one, two, three].map((socket) => socket!.destroyed)).toEqual([false, false, true]);
  expect(open('192.0.2.8').destroyed).toBe(false);
  for (let i = 0; i < 5; i += 1) expect(open('127.0.0.1').destroyed).toBe(false);
  one!.destroy();
  expect(open('192.0.2.7').destroyed).toBe(false);
  expect(open('192.0.2.7').destroyed).toBe(true);
});

test('ten thousand addresses are remembered, and those that came last', () => {
  const limiter = new RateLimiter(1);
  expect(limiter.take('first', 0)).toBe(true);
  for (let i = 0; i < 9_999; i += 1) limiter.take(`address ${i}`, 0);
  expect(limiter.take('first', 0)).toBe(false);
  for (let i = 0; i < 20_000; i += 1) limiter.take(`other ${i}`, 0);
  expect(limiter.size).toBe(10_000);
  expect(limiter.take('first', 0)).toBe(true);
  const slow = new RateLimiter(0.5);
  expect([0, 1_000, 2_000, 3_000].map((now) => slow.take('a', now))).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
