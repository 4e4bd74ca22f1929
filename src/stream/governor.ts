/** Slows, stops and starts a source while it runs: give the same one to the source and to who steers. */
export class Governor {
  readonly #watchers = new Set<() => void>();
  #rate: number | undefined;
  #isPaused = false;
  #holds = 0;

  /** Values a second; undefined: as the source itself says. */
  get rate(): number | undefined {
    return this.#rate;
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
   * Stops it until the returned function is called, whatever others do meanwhile: so that whoever has no
   * room does not end the pause of somebody else.
   */
  hold(): () => void {
    let isHeld = true;
    this.#holds += 1;
    this.#changed();
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds -= 1;
      this.#changed();
    };
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
    this.#changed();
  }

  #changed(): void {
    for (const changed of this.#watchers) changed();
  }
}
