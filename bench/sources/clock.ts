/** A stream runs for days: what is compiled at its beginning is not what it costs. */
const warmingCount = 10_000;

/** Measures a stream of so many rows, from the end of its warming up to the last. */
export class Clock {
  readonly #rowCount: number;
  #count = 0;
  #startMs = 0;
  #endMs = 0;

  constructor(rowCount: number) {
    this.#rowCount = rowCount;
  }

  /** Counts one row. */
  count(): void {
    this.#count += 1;
    if (this.#count === warmingCount) this.#startMs = performance.now();
    else if (this.#count === this.#rowCount) this.#endMs = performance.now();
  }

  /** Rows a second. */
  get rate(): number {
    return (1000 * (this.#rowCount - warmingCount)) / (this.#endMs - this.#startMs);
  }
}
