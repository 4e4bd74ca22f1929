import type { MessagePort } from 'node:worker_threads';
import type { Example } from '../../sources/example.ts';
import { crossing } from './crossed-error.ts';
import { packExamples } from './packed-examples.ts';
import type { FromSource, ToSource } from './source-messages.ts';

/** What a source in a thread of its own says, and is told: the near end is `far-source.ts`. */
export class SourcePort<News> {
  readonly #port: MessagePort;
  readonly #underway: ((count: number) => void)[] = [];

  /** When nobody wants more it is closed, and the thread ends. */
  constructor(port: MessagePort, close: () => Promise<void>) {
    this.#port = port;
    port.on('message', (message: ToSource) => {
      if (message.kind === 'taken') this.#underway.shift()?.(message.count);
      else void close().then(() => port.close());
    });
  }

  /** Sends a batch; says of how many of its places the examples were taken. */
  deliver(examples: Iterable<Example | undefined>, news: News): Promise<number> {
    const packed = packExamples(examples);
    const moved = [packed.order.buffer, packed.numbers.buffer];
    this.#post({ kind: 'batch', packed, news }, moved);
    return new Promise((resolve) => this.#underway.push(resolve));
  }

  tell(news: News): void {
    this.#post({ kind: 'news', news });
  }

  /** Says that it is over; without an error, that all there is has been sent. */
  end(error?: unknown): void {
    this.#post({ kind: 'ended', ...(error !== undefined && { error: crossing(error) }) });
  }

  #post(message: FromSource<News>, moved: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(message, moved);
  }
}
