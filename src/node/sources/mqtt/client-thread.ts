import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { crossing } from '../../threads/crossed-error.ts';
import { packExamples } from '../../threads/packed-examples.ts';
import { openFeed } from './feed.ts';
import type { ClientSettings, FromClient, ToClient } from './thread-messages.ts';

/** One batch is learned from while the next one is on its way. */
const underwayMax = 2;

/** The client of a broker in a thread of its own: only batches of examples cross. */
const run = (port: MessagePort, { url, options }: ClientSettings): void => {
  const tell = (message: FromClient, moved: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, moved);
  const underway: ((count: number) => void)[] = [];
  const counters = { received: 0, duplicates: 0, rejected: 0 };
  const feed = openFeed(url, options, {
    deliver(examples) {
      const packed = packExamples(examples);
      tell({ kind: 'batch', packed, counters }, [packed.order.buffer, packed.numbers.buffer]);
      return new Promise((resolve) => underway.push(resolve));
    },
    counters,
    rejected: {
      next: (rejection) => tell({ kind: 'rejection', rejection, raw: rejection.raw, counters }),
    },
    events: { next: (event) => tell({ kind: 'event', event }) },
    failed: (error) => tell({ kind: 'failed', error: crossing(error) }),
    underwayMax,
  });
  port.on('message', (message: ToClient) => {
    if (message.kind === 'taken') underway.shift()?.(message.count);
    else void feed.close().then(() => port.close());
  });
};

if (parentPort) run(parentPort, workerData as ClientSettings);
