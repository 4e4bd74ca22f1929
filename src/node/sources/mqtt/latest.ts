/** Options of a {@link Latest}. */
export interface LatestOptions<Value> {
  /** Milliseconds between two values at least. */
  readonly everyMs: number;
  /** Says a value, or returns false where nobody can hear it now. */
  readonly say: (value: Value) => boolean;
}

/** Says the latest of the values that it is given, at a limited rate: what comes in between is replaced. */
export class Latest<Value> {
  readonly #options: LatestOptions<Value>;
  #unsaid: Value | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LatestOptions<Value>) {
    this.#options = options;
  }

  /** Takes a value, which is said now or when the interval is over. */
  put(value: Value): void {
    this.#unsaid = value;
    if (this.#timer === undefined) this.flush();
  }

  /** Says what has not been said, at once. */
  flush(): void {
    this.stop();
    const { everyMs, say } = this.#options;
    if (this.#unsaid === undefined || !say(this.#unsaid)) return;
    this.#unsaid = undefined;
    this.#timer = setTimeout(() => this.flush(), everyMs).unref();
  }

  /** Says nothing more by itself until the next value is put. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
