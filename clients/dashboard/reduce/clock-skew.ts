/** Differences that a network may well cause are not taken for a difference of clocks. */
const PLAUSIBLE_DELAY_MS = 2_000;

/**
 * How far the server's clock is from ours, as well as it can be told from one-way stamps: the
 * smallest delay seen, where that is no plausible delay. An age is then never negative, and never
 * hours long because a clock is wrong.
 */
export class ClockSkew {
  #smallest = Infinity;

  /** Notes that something stamped `at` by the server came at `receivedAt` by our clock. */
  note(at: number, receivedAt: number): void {
    this.#smallest = Math.min(this.#smallest, receivedAt - at);
  }

  /** The age at `now` of something stamped `at`, in milliseconds. */
  age(at: number, now: number): number {
    const isSkewed = this.#smallest < 0 || this.#smallest > PLAUSIBLE_DELAY_MS;
    return Math.max(0, now - at - (isSkewed ? this.#smallest : 0));
  }
}
