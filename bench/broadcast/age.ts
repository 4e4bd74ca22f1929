import { WebSocket } from 'ws';
import { broadcaster } from '../../src/node/server/broadcaster.ts';
import { connect } from '../../src/node/server/connect.ts';
import { serve } from '../../src/node/server/serve.ts';
import { proxyTo } from '../../test/end-to-end/proxy.ts';
import { median, quantile } from '../quantile.ts';
import type { Row } from '../report.ts';
import { modelAt } from './model-at.ts';

/** What a slow reader gets through, in bytes a second. */
const bytesPerSecond = 200_000;

/** How often a frame is made, in ms, and how many parameters it has: 40 KB. */
const everyMs = 20;
const parameterCount = 10_000;

/** How long it is watched, and from when on it counts, in ms. */
const runMs = 12_000;
const settledMs = 6_000;

/** How old the weights are that a slow reader sees. */
export const ageOfSlowReader = async (): Promise<{ rows: Row[]; median: number }> => {
  const own = await ownAges();
  const usual = await usualAges();
  return {
    rows: [row('Rivulet, no window named', own), row('bufferedAmount gate of 64 KB', usual)],
    median: median(own),
  };
};

const row = (who: string, ages: readonly number[]): Row => ({
  what: `age at a reader of 200 KB/s, ms: ${who} (worst ${quantile(ages, 1).toFixed(0)})`,
  value: median(ages),
});

const ownAges = async (): Promise<number[]> => {
  const model = broadcaster({ name: 'slow' });
  const server = await serve(model, { port: 0 });
  const proxy = await proxyTo(server.port, bytesPerSecond);
  const connection = connect(proxy.url, { topics: { weights: { enc: 'f32', maxHz: 30 } } });
  const ages: number[] = [];
  const start = performance.now();
  connection.weights.subscribe(({ at }) => {
    if (performance.now() - start > settledMs) ages.push(now() - at);
  });
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    model.publish(modelAt(step, parameterCount));
  }, everyMs);
  await sleep(runMs);
  clearInterval(timer);
  connection.close();
  await proxy.close();
  await server.close();
  return ages;
};

/** The usual way: skip a frame while the socket has buffered so much. */
const usualAges = async (): Promise<number[]> => {
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  const frame = new Float64Array(parameterCount / 2);
  server.on('connection', (socket) => {
    const timer = setInterval(() => {
      frame[0] = now();
      if (socket.bufferedAmount < 65_536) socket.send(new Uint8Array(frame.slice().buffer));
    }, everyMs);
    socket.on('close', () => clearInterval(timer));
  });
  await new Promise((resolve) => server.on('listening', resolve));
  const proxy = await proxyTo((server.address() as { port: number }).port, bytesPerSecond);
  const socket = new WebSocket(proxy.url);
  const ages: number[] = [];
  const start = performance.now();
  socket.on('message', (data: Buffer) => {
    if (performance.now() - start > settledMs) ages.push(now() - data.readDoubleLE(0));
  });
  await sleep(runMs);
  socket.terminate();
  await proxy.close();
  server.close();
  return ages;
};

const now = (): number => performance.timeOrigin + performance.now();

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
