import { type MonoTypeOperatorFunction, Observable, Subscriber } from 'rxjs';
import { checkPacer, Pacer, type PacerOptions } from './pacer.ts';
import { checkWaiting, noneBuffered, Waiting, type WaitingOptions } from './waiting.ts';

/** Options of {@link bounded}: `size` is 10,000 by default, `policy` is `drop-oldest`. */
export interface BoundedOptions extends PacerOptions, Partial<WaitingOptions> {}

/**
 * Buffers the values of a source without backpressure: up to `size` of them wait, a named policy decides
 * about the rest, and all are counted. It serves the event loop every few milliseconds. Completion or an
 * error of the source is emitted after the buffered values; values that are buffered when the
 * subscription ends count as dropped.
 */
export const bounded = <T>(options: BoundedOptions = {}): MonoTypeOperatorFunction<T> => {
  const { size = 10_000, policy = 'drop-oldest', counters = noneBuffered() } = options;
  checkWaiting(options);
  checkPacer(options);
  return (source) =>
    new Observable((subscriber) => {
      const waiting = new Waiting<T>({ ...options, size, policy, counters });
      const drain = new Drain(waiting, subscriber, new Pacer(options));
      const link = new Subscriber<T>({
        next: (value) => drain.put(value),
        error: (error: unknown) => drain.end({ error }),
        complete: () => drain.end({}),
      });
      subscriber.add(link);
      subscriber.add(() => drain.stop());
      source.subscribe(link);
    });
};

interface Ending {
  readonly error?: unknown;
}

/** Takes values out of a buffer, slice by slice. */
class Drain<T> {
  readonly #waiting: Waiting<T>;
  readonly #subscriber: Subscriber<T>;
  readonly #pacer: Pacer;
  #isRunning = false;
  #ending: Ending | undefined;

  constructor(waiting: Waiting<T>, subscriber: Subscriber<T>, pacer: Pacer) {
    this.#waiting = waiting;
    this.#subscriber = subscriber;
    this.#pacer = pacer;
  }

  put(value: T): void {
    if (this.#ending) return;
    try {
      this.#waiting.put(value);
    } catch (error) {
      this.end({ error });
      return;
    }
    if (!this.#isRunning) this.#run();
  }

  end(ending: Ending): void {
    this.#ending ??= ending;
    if (!this.#isRunning) this.#finish(this.#ending);
  }

  stop(): void {
    this.#pacer.stop();
    this.#waiting.close();
  }

  #run(): void {
    this.#isRunning = true;
    this.#takeAll().catch((error: unknown) => this.#subscriber.error(error));
  }

  async #takeAll(): Promise<void> {
    // The source goes first: it must not wait for what it has just given.
    await this.#pacer.pass();
    let isFirst = true;
    while (this.#waiting.count > 0) {
      if (!isFirst && this.#pacer.isDue()) await this.#pacer.pass();
      isFirst = false;
      if (this.#subscriber.closed) return;
      this.#subscriber.next(this.#waiting.take());
    }
    // In the same turn as the last look: what comes next must find that nobody takes.
    this.#isRunning = false;
    if (this.#ending) this.#finish(this.#ending);
  }

  #finish(ending: Ending): void {
    if ('error' in ending) this.#subscriber.error(ending.error);
    else this.#subscriber.complete();
  }
}
