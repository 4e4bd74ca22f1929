/** Slows, stops and starts a source while it runs: give the same one to the source and to who steers. */
export class Governor {
  readonly #watchers = new Set<() => void>();
  #rate: number | undefined;
  #isPaused = false;
  #holds = 0;
  #hurries = 0;

  /** Values a second; undefined: as the source itself says; Infinity while somebody hurries. */
  get rate(): number | undefined {
    return this.#hurries > 0 ? Number.POSITIVE_INFINITY : this.#rate;
  }

  /** Whether it is stopped, by a pause or by somebody who holds it. */
  get isPaused(): boolean {
    return this.#isPaused || this.#holds > 0;
  }

  /** Lets nothing pass until it is resumed. */
  pause(): void {
    this.#set(this.#rate, true);
  }

  /** Goes on at the rate of before. */
  resume(): void {
    this.#set(this.#rate, false);
  }

  /**
   * Pauses until the returned function is called. Pauses are counted: a buffer that has capacity again does
   * not end the pause of another caller.
   */
  hold(): () => void {
    this.#holds += 1;
    this.#changed();
    return this.#once(() => {
      this.#holds -= 1;
    });
  }

  /**
   * Full speed until the returned function is called, whatever others do meanwhile: the limit that
   * somebody sets stays, and holds from then on.
   */
  hurry(): () => void {
    this.#hurries += 1;
    this.#changed();
    return this.#once(() => {
      this.#hurries -= 1;
    });
  }

  /** Limits the values per second: > 0. Infinity: full speed. Undefined: the rate of the source. */
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

  #once(change: () => void): () => void {
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      change();
      this.#changed();
    };
  }

  #set(rate: number | undefined, isPaused: boolean): void {
    this.#rate = rate;
    this.#isPaused = isPaused;
    this.#changed();
  }

  #changed(): void {
    for (const changed of this.#watchers) changed();
  }
}
