import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Limits } from '../../src/broadcast/limits.ts';
import { rawClient, streamOf } from './raw-client.ts';
import { toyServer } from './toy-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const start = async (limits: Partial<Limits> = {}) => {
  const started = await toyServer(limits);
  closing.push(() => started.server.close());
  return started;
};

describe('every close code is reached through a socket:', () => {
  test.each([
    ['nonsense', 4400],
    ['{"t":"dance"}', 4400],
    ['{"t":"hello","v":1}', 4400],
    ['{"t":"ack","sid":"one","seq":1}', 4400],
    [Buffer.from([1, 2, 3]), 4400],
  ])('for %j', async (text, code) => {
    const { join } = await start();
    const { socket, closed } = await join();
    const stranger = await join();
    socket.send(text);
    expect((await closed).code).toBe(code);
    stranger.say({ t: 'predict', id: 1, x: [[0, 1]] });
    await stranger.next('pred');
  });

  test('for another version, a wrong model, an id in use and an epoch long over', async () => {
    const { url, join, model, shown } = await start({ resyncMs: 20 });
    const version = await rawClient(url, { hello: { v: 7 } });
    expect((await version.closed).code).toBe(4406);
    const wrong = await rawClient(url, { hello: { model: 'none' } });
    expect((await wrong.closed).code).toBe(4403);
    vi.spyOn(model, 'predict').mockReturnValue(new Promise(() => {}) as never);
    const twice = await join();
    for (let i = 0; i < 2; i += 1) twice.say({ t: 'predict', id: 1, x: [[0, 1]] });
    expect((await twice.closed).code).toBe(4409);
    const late = await join();
    const { epoch } = await late.next('welcome');
    shown.startEpoch('a reset');
    await new Promise((resolve) => setTimeout(resolve, 50));
    late.say({ t: 'ack', sid: 1, seq: 1, epoch });
    expect((await late.closed).code).toBe(4006);
  });

  test('for a server that stops: all get it, in time', async () => {
    const { url, server } = await start();
    const clients = await Promise.all(Array.from({ length: 50 }, () => rawClient(url)));
    await Promise.all(clients.map(({ next }) => next('welcome')));
    // One of them is as good as dead.
    streamOf(clients[0]!.socket).pause();
    const stopped = server.close();
    const codes = await Promise.all(clients.slice(1).map(({ closed }) => closed));
    for (const { code, reason } of codes) {
      expect(code).toBe(4001);
      expect(reason).toMatch(/^retryMs=\d+; /);
    }
    expect(new Set(codes.map(({ reason }) => reason)).size).toBeGreaterThan(10);
    await stopped;
    clients[0]!.socket.terminate();
  });
});
