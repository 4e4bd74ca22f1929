import { WebSocketServer } from 'ws';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { serve } from '../../src/node/server/serve.ts';
import { quantile } from '../quantile.ts';
import type { Row } from '../report.ts';
import { modelAt } from './model-at.ts';
import { startViewers, type Viewers, type ViewersOrder } from './viewers.ts';

const topics = ['cost', 'metrics', 'predictions', 'weights'];

/** What fan-out costs: bytes a viewer, how soon a late one has the model. */
export const fanOut = async (): Promise<{
  rows: Row[];
  bytesPerSecond: number;
  joinMs: number;
}> => {
  const model = broadcaster({ name: 'fan' });
  let step = 1_000;
  model.publish(modelAt(step, 3_300));
  const server = await serve(model, { port: 0 });
  const timer = setInterval(() => {
    step += 10;
    model.publish(modelAt(step, 3_300));
  }, 33);
  const [crowd, late] = [startViewers(), startViewers()];
  const order = { op: 'open', url: server.url, maxHz: 10, reads: true } as const;
  const before = await crowd.ask({ ...order, count: 500, topics: ['weights'] });
  const seconds = 4;
  await sleep(1_000 * seconds);
  const after = await crowd.ask({ op: 'count' });
  const joined = await joinOneByOne(late, { ...order, topics });
  clearInterval(timer);
  crowd.end();
  late.end();
  await server.close();
  const bytesPerSecond = (after.bytes - before.bytes) / seconds / 500;
  const joinMs = quantile(joined, 0.99);
  return {
    rows: [
      {
        what: 'bytes a second a viewer, 3,300 parameters at 10 Hz',
        value: bytesPerSecond,
      },
      {
        what: 'ms to a whole model for a late joiner, p50',
        value: quantile(joined, 0.5),
      },
      { what: 'ms to a whole model for a late joiner, p99', value: joinMs },
    ],
    bytesPerSecond,
    joinMs,
  };
};

const joinOneByOne = async (
  viewers: Viewers,
  order: Omit<Extract<ViewersOrder, { op: 'open' }>, 'count'>,
): Promise<readonly number[]> => {
  let joinMs: readonly number[] = [];
  for (let i = 0; i < 100; i += 1) ({ joinMs } = await viewers.ask({ ...order, count: 1 }));
  // The first of a process pays for code that is not compiled yet.
  return joinMs.slice(5);
};

/** Messages a second to many viewers: one a write, and many that share one, beside bare `ws`. */
export const messageRates = async (): Promise<{ rows: Row[]; writes: number; shared: number }> => {
  const rivals = [await bare(), await own(1), await own(sharedCount)];
  const best = rivals.map(() => 0);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, rival] of rivals.entries()) best[i] = Math.max(best[i]!, await rateOf(rival));
  }
  for (const { end } of rivals) await end();
  const [plain, one, many] = best as [number, number, number];
  const what = `messages a second to ${viewerCount} viewers`;
  return {
    rows: [
      { what: `${what}: bare ws, one a write`, value: plain },
      { what: `${what}: Rivulet, one a write`, value: one },
      { what: `${what}: Rivulet, ${sharedCount} a write`, value: many },
    ],
    writes: one / plain,
    shared: many / plain,
  };
};

const viewerCount = 200;
const sharedCount = 20;

/** They take turns, and the best turn of each counts: others use this machine too. */
const rounds = 8;
const turnMs = 500;

interface Sender {
  readonly viewers: Viewers;
  readonly send: () => void;
  readonly end: () => Promise<void>;
}

/** What arrives, a second, while more is sent whenever the last has been handed over. */
const rateOf = async ({ viewers, send }: Sender): Promise<number> => {
  const before = await viewers.ask({ op: 'count' });
  const start = performance.now();
  while (performance.now() - start < turnMs) {
    send();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const after = await viewers.ask({ op: 'count' });
  return ((after.messages - before.messages) / (performance.now() - start)) * 1000;
};

const bare = async (): Promise<Sender> => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await new Promise((resolve) => server.on('listening', resolve));
  const viewers = startViewers();
  const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}/`;
  await viewers.ask({ op: 'plain', url, count: viewerCount });
  const text = 'x'.repeat(200);
  return {
    viewers,
    send: () => {
      for (const client of server.clients) if (client.bufferedAmount < 65_536) client.send(text);
    },
    end: async () => {
      viewers.end();
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
};

const own = async (together: number): Promise<Sender> => {
  const model = broadcaster({ name: 'rate' });
  const server = await serve(model, { port: 0 });
  const viewers = startViewers();
  const order = {
    op: 'open',
    url: server.url,
    maxHz: 30,
    reads: true,
    topics: ['events'],
  } as const;
  await viewers.ask({ ...order, count: viewerCount });
  const entry = { kind: 'config', step: 1, message: 'x'.repeat(110) } as const;
  return {
    viewers,
    send: () => {
      for (let i = 0; i < together; i += 1) model.event(entry);
      server.hub.tick();
    },
    end: async () => {
      viewers.end();
      await server.close();
    },
  };
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
