import { Observable, type Subscriber } from 'rxjs';
import { destroyStream } from './destroy.ts';
import { emitPaced } from './emit-paced.ts';
import { checkPacer, Pacer, type PacerOptions } from './pacer.ts';

/** Whatever can be pulled. */
export type Pull<T> = Iterable<T> | AsyncIterable<T>;

/** Options of {@link pace}. */
export interface PaceOptions extends PacerOptions {
  /** Its abort completes the stream, as if the source had ended. */
  readonly signal?: AbortSignal;
}

/**
 * Pulls a source and serves the event loop every few milliseconds, so that a server keeps answering
 * while training runs at full speed. Cold: each subscriber iterates anew. The subscriber's backpressure
 * reaches the source: nothing is buffered, and nothing is lost. A Node stream is destroyed at the end of
 * the subscription.
 */
export const pace = <T>(source: Pull<T>, options: PaceOptions = {}): Observable<T> => {
  if (isAsyncIterable(source)) return paceBatches(source, (value) => [value], options);
  if (isIterable(source)) return paceBatches([source], (values) => values, options);
  throw new TypeError(
    `expected an iterable or an async iterable, such as an array, a generator or a Node stream, not ${named(source)}`,
  );
};

/**
 * {@link pace} for a source that brings many values at once, as a file does: one wait a batch. What is
 * expanded to an array is emitted in bursts.
 */
export const paceBatches = <Batch, T>(
  source: Pull<Batch>,
  expand: (batch: Batch) => Iterable<T>,
  { signal, ...options }: PaceOptions = {},
): Observable<T> => {
  checkPacer(options);
  return new Observable((subscriber) => {
    const pull = new PacedPull(source, options, subscriber);
    const finish = (): void => subscriber.complete();
    signal?.addEventListener('abort', finish);
    subscriber.add(() => {
      signal?.removeEventListener('abort', finish);
      pull.stop();
    });
    if (signal?.aborted) finish();
    pull.run(expand).then(finish, (error: unknown) => subscriber.error(error));
  });
};

type AnyIterator<T> = Iterator<T> | AsyncIterator<T>;

/** One subscriber's way through a source. */
class PacedPull<Batch, T> {
  readonly #source: Pull<Batch>;
  readonly #iterator: AnyIterator<Batch>;
  readonly #pacer: Pacer;
  readonly #subscriber: Subscriber<T>;
  #isOpen = true;

  constructor(source: Pull<Batch>, options: PacerOptions, subscriber: Subscriber<T>) {
    this.#source = source;
    this.#iterator = iterate(source);
    // After what may throw: a pacer watches its governor until it is stopped.
    this.#pacer = new Pacer(options);
    this.#subscriber = subscriber;
  }

  async run(expand: (batch: Batch) => Iterable<T>): Promise<void> {
    // Whoever is wired up in the same task as this subscription gets the first value too.
    await Promise.resolve();
    while (!this.#subscriber.closed) {
      const pulled = this.#iterator.next();
      const result = 'then' in pulled ? await pulled : pulled;
      if (result.done) {
        this.#isOpen = false;
        return;
      }
      const values = expand(result.value);
      if (Array.isArray(values)) await emitPaced(values as T[], this.#pacer, this.#subscriber);
      else await this.#emit(values);
    }
  }

  /** One by one: the iterator may depend on what became of the values before. */
  async #emit(values: Iterable<T>): Promise<void> {
    for (const value of values) {
      if (this.#pacer.isDue()) await this.#pacer.pass();
      if (this.#subscriber.closed) return;
      this.#subscriber.next(value);
    }
  }

  /** A source that waits for its next value learns at once that nobody wants it. */
  stop(): void {
    this.#pacer.stop();
    if (!this.#isOpen) return;
    this.#isOpen = false;
    destroyStream(this.#source);
    // Nobody is left to hear of an error in the cleaning up.
    (async () => this.#iterator.return?.())().catch(() => {});
  }
}

const iterate = <T>(source: Pull<T>): AnyIterator<T> =>
  isAsyncIterable(source) ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();

const isAsyncIterable = <T>(source: Pull<T>): source is AsyncIterable<T> =>
  typeof (source as Partial<AsyncIterable<T>> | null)?.[Symbol.asyncIterator] === 'function';

const isIterable = <T>(source: Pull<T>): source is Iterable<T> =>
  typeof (source as Partial<Iterable<T>> | null)?.[Symbol.iterator] === 'function';

const named = (value: unknown): string => {
  if (typeof value === 'function') return 'a function: call it';
  if (typeof value !== 'object' || value === null) return String(value);
  return `an object of the class ${value.constructor?.name ?? 'null'}`;
};
