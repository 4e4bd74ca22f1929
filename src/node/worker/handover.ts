/**
 * Values that one side puts and the other takes, in turn. Whoever puts is told when a value has been
 * taken, and must not run ahead without bound.
 */
export class Handover<T> {
  readonly #waiting: { readonly value: T; readonly taken: () => void }[] = [];
  #ended: { readonly error?: unknown } | undefined;
  #changed = (): void => {};

  /** Settles when it has been taken, or nobody is to take it any more. */
  put(value: T): Promise<void> {
    return new Promise((taken) => {
      this.#waiting.push({ value, taken });
      this.#changed();
    });
  }

  /** Nothing comes after what waits, but the error if there is one. Only the first end counts. */
  end(error?: unknown): void {
    this.#ended ??= error === undefined ? {} : { error };
    this.#changed();
  }

  /** Nobody is to take what waits. */
  stop(): void {
    for (const { taken } of this.#waiting.splice(0)) taken();
    this.end();
  }

  /** What was put, up to the end. Throws the error that it ended with. */
  async *values(): AsyncGenerator<T, undefined> {
    for (;;) {
      const first = this.#waiting.shift();
      if (first !== undefined) {
        first.taken();
        yield first.value;
      } else if (this.#ended === undefined) {
        await new Promise<void>((resolve) => {
          this.#changed = resolve;
        });
      } else {
        if ('error' in this.#ended) throw this.#ended.error;
        return;
      }
    }
  }
}
