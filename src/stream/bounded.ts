import { type MonoTypeOperatorFunction, Observable, Subscriber } from 'rxjs';
import { guarded } from './linked.ts';
import { Pacer, type PacerOptions } from './pacer.ts';
import {
  type BufferCounters,
  noneBuffered,
  type Overflow,
  type OverflowPolicy,
  Waiting,
} from './waiting.ts';

/** Options of {@link bounded}. */
export interface BoundedOptions extends PacerOptions {
  /** How many values may wait. Default 10,000. */
  readonly size?: number;
  /** Default `drop-oldest`. */
  readonly policy?: OverflowPolicy;
  /** Of the choices of `sample`. Default 1. */
  readonly seed?: number;
  /** Kept up to date with what it does. */
  readonly counters?: BufferCounters;
  /** Told when it begins and ceases to leave values out. */
  readonly overflow?: { next(overflow: Overflow): void };
}

/**
 * Lets values of a source that does not wait come as fast as they are taken, and no faster: up to
 * `size` of them wait, what is more is dealt with by a named policy and counted. It serves the event
 * loop every few milliseconds. At the source's end it completes when all that wait are taken.
 */
export const bounded = <T>(options: BoundedOptions = {}): MonoTypeOperatorFunction<T> => {
  const { size = 10_000, policy = 'drop-oldest', counters = noneBuffered() } = options;
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`size must be a whole number of at least 1, not ${size}`);
  }
  new Pacer(options); // Misuse shows here, not at the first subscription.
  return (source) =>
    new Observable((subscriber) => {
      const waiting = new Waiting<T>({ ...options, size, policy, counters });
      const drain = new Drain(waiting, subscriber, new Pacer(options));
      const link = new Subscriber<T>({
        next: guarded((value) => drain.put(value), subscriber),
        error: (error: unknown) => subscriber.error(error),
        complete: () => drain.end(),
      });
      subscriber.add(link);
      subscriber.add(() => drain.stop());
      source.subscribe(link);
    });
};

/** Takes values out of a buffer, slice by slice. */
class Drain<T> {
  readonly #waiting: Waiting<T>;
  readonly #subscriber: Subscriber<T>;
  readonly #pacer: Pacer;
  #isRunning = false;
  #isEnding = false;

  constructor(waiting: Waiting<T>, subscriber: Subscriber<T>, pacer: Pacer) {
    this.#waiting = waiting;
    this.#subscriber = subscriber;
    this.#pacer = pacer;
  }

  put(value: T): void {
    this.#waiting.put(value);
    if (!this.#isRunning) this.#run();
  }

  end(): void {
    this.#isEnding = true;
    if (!this.#isRunning) this.#subscriber.complete();
  }

  stop(): void {
    this.#pacer.stop();
  }

  #run(): void {
    this.#isRunning = true;
    this.#takeAll().then(
      () => {
        this.#isRunning = false;
        if (this.#isEnding) this.#subscriber.complete();
      },
      (error: unknown) => this.#subscriber.error(error),
    );
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
  }
}
