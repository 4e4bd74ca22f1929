/**
 * An async iterable from a generator that is told when nobody wants it any more. A generator that
 * waits for its next value cannot be ended from outside: what it waits for must hear the signal.
 */
export const abortable = <T>(
  generate: (signal: AbortSignal) => AsyncGenerator<T, undefined>,
): AsyncIterable<T> => ({
  [Symbol.asyncIterator]() {
    const abort = new AbortController();
    const values = generate(abort.signal);
    return {
      next: () => values.next(),
      return() {
        abort.abort();
        return values.return(undefined);
      },
    };
  },
});
