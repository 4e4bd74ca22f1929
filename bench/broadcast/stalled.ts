import { setTimeout as sleep } from 'node:timers/promises';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { type ModelServer, serve } from '../../src/node/server/serve.ts';
import { median } from '../quantile.ts';
import type { Row } from '../report.ts';
import { modelAt } from './model-at.ts';
import { startViewers, type Viewers, type ViewersOrder } from './viewers.ts';

/** 40 KB a frame. */
const parameterCount = 10_000;

/** What readers cost that never read, in bytes. */
export interface StalledCosts {
  readonly one: number;
  /** One that has as many frames on the way as it may, so that they stay in the server. */
  readonly greedy: number;
  readonly thousand: number;
}

type Readers = Pick<Extract<ViewersOrder, { op: 'open' }>, 'count' | 'topics' | 'enc' | 'window'>;

const usual: Readers = { count: 1, topics: ['weights'] };
const greedy: Readers = {
  count: 1,
  enc: 'f32',
  window: 16,
  topics: Array.from({ length: 32 }, () => 'weights'),
};

/** What readers cost that never read. */
export const stalledReaders = async (): Promise<{ rows: Row[]; costs: StalledCosts }> => {
  const scene = await begin();
  const costs = {
    one: await costOf(usual, { scene, turns: 5 }),
    greedy: await costOf(greedy, { scene, turns: 5 }),
    thousand: await costOf({ ...usual, count: 1_000 }, { scene, turns: 3 }),
  };
  await scene.end();
  const rows = [
    { what: 'bytes kept for one reader that never reads', value: costs.one },
    { what: 'bytes kept for one with all that may be on the way', value: costs.greedy },
    { what: 'bytes kept for 1,000 that never read', value: costs.thousand },
  ];
  return { rows, costs };
};

interface Scene {
  readonly server: ModelServer;
  /** The process of those who never read. */
  readonly stalled: Viewers;
  /** What the process holds, while nothing new is published. */
  readonly held: () => Promise<number>;
  readonly end: () => Promise<void>;
}

/** A model on the air, with somebody who reads: what all readers share is there from the beginning. */
const begin = async (): Promise<Scene> => {
  const model = broadcaster({ name: 'stalled' });
  // Who never reads never answers a ping, and would be gone before it is looked at.
  const server = await serve(model, { port: 0, limits: { pongMs: 600_000 } });
  let step = 0;
  let isStill = false;
  const timer = setInterval(() => {
    if (isStill) return;
    step += 1;
    model.publish(modelAt(step, parameterCount));
  }, 33);
  const [reading, stalled] = [startViewers(), startViewers()];
  await reading.ask({ op: 'open', url: server.url, maxHz: 30, reads: true, ...usual });
  const held = async (): Promise<number> => {
    isStill = true;
    const bytes = await settled();
    isStill = false;
    return bytes;
  };
  const end = async (): Promise<void> => {
    clearInterval(timer);
    for (const viewers of [reading, stalled]) viewers.end();
    await server.close();
  };
  return { server, stalled, held, end };
};

/** How much more is held with the readers than without, before and after. */
const costOf = async (
  readers: Readers,
  { scene, turns }: { scene: Scene; turns: number },
): Promise<number> => {
  const { server, stalled, held } = scene;
  const costs: number[] = [];
  let before = await held();
  // The first turn compiles code, and makes what all such readers share.
  for (let turn = 0; turn <= turns; turn += 1) {
    await stalled.ask({ op: 'open', url: server.url, maxHz: 30, reads: false, ...readers });
    await connections(server, 1 + readers.count);
    await sleep(1_000);
    const during = await held();
    await stalled.ask({ op: 'leave' });
    await connections(server, 1);
    const after = await held();
    costs.push(during - (before + after) / 2);
    before = after;
  }
  return median(costs.slice(1));
};

const connections = async (server: ModelServer, count: number): Promise<void> => {
  while (server.connectionCount !== count) await sleep(10);
};

/** Less than this is no less. */
const slackBytes = 1_024;

/**
 * What is really held, in heap and outside of it (where the buffers are). The memory of a buffer
 * is given back some time after the collection that found it: so it is collected until no less is left.
 */
const settled = async (): Promise<number> => {
  const { gc } = globalThis as { gc?: () => void };
  for (let least = Number.POSITIVE_INFINITY; ; ) {
    gc?.();
    await sleep(50);
    gc?.();
    const { heapUsed, external } = process.memoryUsage();
    const now = heapUsed + external;
    if (now > least - slackBytes) return now;
    least = now;
  }
};
