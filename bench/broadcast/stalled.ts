import { broadcaster } from '../../src/node/broadcaster.ts';
import { serve } from '../../src/node/serve.ts';
import type { Row } from '../report.ts';
import { modelAt } from './model-at.ts';
import { startViewers } from './viewers.ts';

/** 40 KB a frame. */
const parameterCount = 10_000;

/** What readers cost that never read. */
export const stalledReaders = async (): Promise<{ rows: Row[]; one: number; thousand: number }> => {
  const one = await costOf(1);
  const thousand = await costOf(1_000);
  return {
    rows: [
      { what: 'bytes kept for one reader that never reads', value: one },
      { what: 'bytes kept for 1,000 of them', value: thousand },
    ],
    one,
    thousand,
  };
};

/** How much larger the process is with the readers, at the largest. */
const costOf = async (count: number): Promise<number> => {
  const model = broadcaster({ name: 'stalled' });
  let step = 0;
  const server = await serve(model, { port: 0 });
  const timer = setInterval(() => {
    step += 1;
    model.publish(modelAt(step, parameterCount));
  }, 33);
  await sleep(1_500);
  const before = settled();
  const viewers = startViewers();
  const order = { op: 'open', url: server.url, maxHz: 30, reads: false } as const;
  await viewers.ask({ ...order, count, topics: ['weights'] });
  await sleep(4_000);
  const after = settled();
  clearInterval(timer);
  viewers.end();
  await server.close();
  return Math.max(0, after - before);
};

/** What is really held, in heap and outside of it. */
const settled = (): number => {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
