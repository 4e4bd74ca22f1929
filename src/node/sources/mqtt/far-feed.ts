import type { Example } from '../../../sources/example.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { withRaw } from '../../../stream/rejection.ts';
import { crossed } from '../../threads/crossed-error.ts';
import type { PackedExamples } from '../../threads/packed-examples.ts';
import { startThread } from '../../threads/start-thread.ts';
import { Unpacker } from '../../threads/unpacker.ts';
import { shownAddress } from './address.ts';
import type { Feed, FeedHandlers, FeedOptions } from './feed.ts';
import type { ClientSettings, FromClient, ToClient } from './thread-messages.ts';

/** So long a thread may take to end. */
const stopMs = 2_000;

/** Subscribes to topics, in a thread of its own: this one is left to whoever learns. */
export const openFarFeed = (url: string, options: FeedOptions, handlers: FeedHandlers): Feed => {
  const { counters, rejected, events, failed } = handlers;
  const address = shownAddress(url);
  const settings: ClientSettings = { url, options };
  const worker = startThread('node/sources/mqtt/client-thread', settings);
  const tell = (message: ToClient): void => worker.postMessage(message);
  const unpacker = new Unpacker();
  // Made when they are asked for: those that wait would be moved about by the collector.
  const examplesOf = (packed: PackedExamples): Iterable<Example | undefined> => ({
    [Symbol.iterator]: () => unpacker.unpack(packed).values(),
  });
  const deliver = (examples: Iterable<Example | undefined>): Promise<number> =>
    handlers.deliver(examples).catch((error: unknown) => {
      failed(error);
      return 0;
    });
  let last: Promise<unknown> = Promise.resolve();
  worker.on('message', (message: FromClient) => {
    if ('counters' in message) Object.assign(counters, message.counters);
    if (message.kind === 'event') events.next(message.event);
    else if (message.kind === 'rejection') rejected.next(withRaw(message.rejection, message.raw));
    else if (message.kind === 'failed') failed(crossed(message.error));
    else {
      const taken = deliver(examplesOf(message.packed));
      // In the order of the batches, whichever is settled first.
      last = last.then(async () => tell({ kind: 'taken', count: await taken }));
    }
  });
  worker.on('error', failed);
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      failed(new SourceError(`the thread of ${address} has ended`));
      resolve();
    });
  });
  return {
    async close() {
      tell({ kind: 'stop' });
      await last;
      // It ends by itself when it has heard; one that is stuck does not.
      const timer = setTimeout(() => void worker.terminate(), stopMs);
      await exited;
      clearTimeout(timer);
    },
  };
};
