import { type Observable, Subject, Subscriber } from 'rxjs';
import { checkWaiting, noneBuffered, Waiting, type WaitingOptions } from './waiting.ts';

/** Options of {@link toAsyncIterable}. */
export interface ToAsyncIterableOptions extends Partial<WaitingOptions> {
  /** Ends the iteration, as if the stream had completed. */
  readonly signal?: AbortSignal;
}

/**
 * A stream as an async iterable, for `for await`, queues and other libraries. Whoever iterates may
 * be slow: up to `size` values wait (1,000), and what is more is dealt with by the policy
 * (`drop-oldest`); with `block` and the governor of a source that is pulled it waits. Each
 * iteration is a subscription of its own, which ends with the loop.
 */
export const toAsyncIterable = <T>(
  values: Observable<T>,
  options: ToAsyncIterableOptions = {},
): AsyncIterable<T> => {
  const { size = 1_000, ...rest } = options;
  checkWaiting(options);
  return { [Symbol.asyncIterator]: () => new Iteration(values, { size, ...rest }) };
};

type IterationOptions = ToAsyncIterableOptions & { readonly size: number };

class Iteration<T> implements AsyncIterator<T, undefined> {
  readonly #waiting: Waiting<T>;
  readonly #link: Subscriber<T>;
  readonly #changed = new Subject<void>();
  #ended: { readonly error?: unknown } | undefined;

  constructor(values: Observable<T>, options: IterationOptions) {
    const { policy = 'drop-oldest', counters = noneBuffered(), signal } = options;
    this.#waiting = new Waiting({ ...options, policy, counters });
    // There before the source begins: one that ends the iteration while it subscribes is stopped.
    this.#link = new Subscriber<T>({
      next: (value) => this.#put(value),
      error: (error: unknown) => this.#end({ error }),
      complete: () => this.#end({}),
    });
    if (signal?.aborted) this.#end({});
    else this.#begin(values, signal);
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.#waiting.count === 0) {
      if (this.#ended !== undefined) return this.#finish(this.#ended);
      await new Promise<void>((resolve) => {
        const changed = this.#changed.subscribe(() => {
          changed.unsubscribe();
          resolve();
        });
      });
    }
    return { done: false, value: this.#waiting.take() };
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#end({});
    this.#ended = {};
    this.#waiting.close();
    return { done: true, value: undefined };
  }

  #begin(values: Observable<T>, signal: AbortSignal | undefined): void {
    const end = (): void => this.#end({});
    signal?.addEventListener('abort', end);
    this.#link.add(() => signal?.removeEventListener('abort', end));
    values.subscribe(this.#link);
  }

  #put(value: T): void {
    try {
      this.#waiting.put(value);
    } catch (error) {
      this.#end({ error });
    }
    this.#changed.next();
  }

  /** An error is thrown once, after what came before it. */
  #finish(ended: { readonly error?: unknown }): IteratorResult<T, undefined> {
    this.#ended = {};
    if ('error' in ended) throw ended.error;
    return { done: true, value: undefined };
  }

  #end(ended: { readonly error?: unknown }): void {
    this.#ended ??= ended;
    this.#link.unsubscribe();
    this.#changed.next();
  }
}
