import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import { startThread, type ThreadName } from '../start-thread.ts';
import { crossed } from './crossed-error.ts';
import type { PackedExamples } from './packed-examples.ts';
import type { FromSource, ToSource } from './source-messages.ts';
import { Unpacker } from './unpacker.ts';

/** Which thread is started, on what, and what people call its source. */
export interface FarSourceOptions {
  readonly thread: ThreadName;
  readonly settings: unknown;
  readonly name: string;
}

/** Places in a row, with an example in each or none. */
export interface Places extends Iterable<Example | undefined> {
  readonly length: number;
}

/** Who takes what a source in another thread brings. */
export interface FarSourceHandlers<News> {
  /** Takes a batch; says of how many of its places the examples were taken. */
  readonly deliver: (places: Places, news: News) => Promise<number>;
  readonly news: (news: News) => void;
  /** It is over; without an error, all there is has been delivered. */
  readonly ended: (error?: unknown) => void;
}

/** A source in another thread. */
export interface FarSource {
  /** Ends it, when it knows what has been taken. */
  close(): Promise<void>;
}

/** So long a thread may take to end. */
const stopMs = 2_000;

/** Starts a source in a thread of its own: this one is left to whoever learns. */
export const openFarSource = <News>(
  { thread, settings, name }: FarSourceOptions,
  { deliver, news, ended }: FarSourceHandlers<News>,
): FarSource => {
  const worker = startThread(thread, settings);
  const tell = (message: ToSource): void => worker.postMessage(message);
  const unpacker = new Unpacker();
  // Made when they are asked for: those that wait would be moved about by the collector.
  const placesOf = (packed: PackedExamples): Places => ({
    length: packed.order.length,
    [Symbol.iterator]: () => unpacker.unpack(packed).values(),
  });
  let last: Promise<unknown> = Promise.resolve();
  worker.on('message', (message: FromSource<News>) => {
    if (message.kind === 'news') news(message.news);
    else if (message.kind === 'ended') ended(message.error && crossed(message.error));
    else {
      const taken = deliver(placesOf(message.packed), message.news);
      last = taken.then((count) => tell({ kind: 'taken', count }), ended);
    }
  });
  worker.on('error', ended);
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      ended(new SourceError(`the thread of ${name} has ended`));
      resolve();
    });
  });
  return {
    async close() {
      await last;
      tell({ kind: 'stop' });
      // It ends by itself when it has heard; one that is stuck does not.
      const timer = setTimeout(() => void worker.terminate(), stopMs);
      await exited;
      clearTimeout(timer);
    },
  };
};
