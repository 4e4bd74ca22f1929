import { type Observable, Subject, type Subscription } from 'rxjs';
import { noneBuffered, Waiting, type WaitingOptions } from './waiting.ts';

/** Options of {@link toAsyncIterable}. */
export interface ToAsyncIterableOptions extends Partial<WaitingOptions> {
  /** Ends the iteration, as if the stream had completed. */
  readonly signal?: AbortSignal;
}

/**
 * A stream as an async iterable, for `for await`, queues and other libraries. Whoever iterates may
 * be slow: up to `size` values wait (1,000), and what is more is dealt with by the policy
 * (`drop-oldest`). Each iteration is a subscription of its own, which ends with the loop.
 */
export const toAsyncIterable = <T>(
  values: Observable<T>,
  options: ToAsyncIterableOptions = {},
): AsyncIterable<T> => ({
  [Symbol.asyncIterator]: () => new Iteration(values, options),
});

class Iteration<T> implements AsyncIterator<T, undefined> {
  readonly #waiting: Waiting<T>;
  readonly #subscription: Subscription;
  readonly #changed = new Subject<void>();
  #ended: { readonly error?: unknown } | undefined;

  constructor(
    values: Observable<T>,
    {
      size = 1_000,
      policy = 'drop-oldest',
      counters = noneBuffered(),
      ...rest
    }: ToAsyncIterableOptions,
  ) {
    this.#waiting = new Waiting({ size, policy, counters, ...rest });
    this.#subscription = values.subscribe({
      next: (value) => this.#put(value),
      error: (error: unknown) => this.#end({ error }),
      complete: () => this.#end({}),
    });
    rest.signal?.addEventListener('abort', () => this.#end({}), { once: true });
    if (rest.signal?.aborted) this.#end({});
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
    while (this.#waiting.count > 0) this.#waiting.take();
    return { done: true, value: undefined };
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
    // A source that fails at once ends before there is a subscription to speak of.
    this.#subscription?.unsubscribe();
    this.#changed.next();
  }
}
