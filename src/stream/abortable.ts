/**
 * An async iterable from a generator that gets a signal when its consumer has gone. A generator that
 * awaits its next value cannot be ended from outside: the awaited operation must react to the signal.
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
