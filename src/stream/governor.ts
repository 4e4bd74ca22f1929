/** Slows, stops and starts a source while it runs: give the same one to the source and to who steers. */
export class Governor {
  readonly #watchers = new Set<() => void>();
  #rate: number | undefined;
  #isPaused = false;

  /** Values a second; undefined: as the source itself says. */
  get rate(): number | undefined {
    return this.#rate;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): void {
    this.#set(this.#rate, true);
  }

  resume(): void {
    this.#set(this.#rate, false);
  }

  /** At most so many values a second; Infinity: full speed; undefined: as the source says. */
  limit(rate: number | undefined): void {
    if (rate !== undefined && !(rate > 0))
      throw new RangeError(`rate must be above 0, not ${rate}`);
    this.#set(rate, this.#isPaused);
  }

  /** Calls it at each change, until the returned function is called. */
  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  #set(rate: number | undefined, isPaused: boolean): void {
    this.#rate = rate;
    this.#isPaused = isPaused;
    for (const changed of this.#watchers) changed();
  }
}
