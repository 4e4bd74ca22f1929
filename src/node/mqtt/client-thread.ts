import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { SourcePort } from '../worker/source-port.ts';
import { openFeed } from './feed.ts';
import type { ClientNews, ClientSettings } from './thread-messages.ts';

/** One batch is learned from while the next one is on its way. */
const underwayMax = 2;

/** The client of a broker in a thread of its own: only batches of examples cross. */
const run = (port: MessagePort, { url, options }: ClientSettings): void => {
  const source = new SourcePort<ClientNews>(port, () => feed.close());
  const counters = { received: 0, duplicates: 0, rejected: 0 };
  const feed = openFeed(url, options, {
    deliver: (examples) => source.deliver(examples, { counters }),
    counters,
    rejected: { next: (rejection) => source.tell({ rejection, counters }) },
    events: { next: (event) => source.tell({ event }) },
    failed: (error) => source.end(error),
    underwayMax,
  });
};

if (parentPort) run(parentPort, workerData as ClientSettings);
