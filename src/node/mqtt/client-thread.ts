import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { crossing } from '../worker/crossed-error.ts';
import { openFeed } from './feed.ts';
import { pack } from './packed-messages.ts';
import type { ClientSettings, FromClient, ToClient } from './thread-messages.ts';

/** One batch is learned from while the next one is on its way. */
const underwayMax = 2;

/** The client of a broker in a thread of its own: only batches of messages cross. */
const run = (port: MessagePort, { url, options }: ClientSettings): void => {
  const tell = (message: FromClient): void => port.postMessage(message);
  const underway: ((count: number) => void)[] = [];
  const feed = openFeed(url, options, {
    deliver: (messages) =>
      new Promise((resolve) => {
        underway.push(resolve);
        const packed = pack(messages);
        const message: FromClient = { kind: 'messages', packed };
        port.postMessage(message, [packed.payloads.buffer]);
      }),
    events: { next: (event) => tell({ kind: 'event', event }) },
    failed: (error) => tell({ kind: 'failed', error: crossing(error) }),
    underwayMax,
  });
  port.on('message', (message: ToClient) => {
    if (message.kind === 'learned') underway.shift()?.(message.count);
    else void feed.close().then(() => port.close());
  });
};

if (parentPort) run(parentPort, workerData as ClientSettings);
