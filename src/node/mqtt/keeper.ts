import { setTimeout as later } from 'node:timers/promises';

/** After so many milliseconds it is asked again. */
const retryMs = 1_000;

/** Waits until what has been learned is kept. */
export class Keeper {
  readonly #kept: () => Promise<unknown>;
  #isStopped = false;

  /** `kept` is done when all that was learned before it was called is kept; where it fails, nothing is. */
  constructor(kept: () => Promise<unknown>) {
    this.#kept = kept;
  }

  /** Whether it is; false only where it was stopped before `kept` was done. */
  async isKept(): Promise<boolean> {
    while (!this.#isStopped) {
      try {
        await this.#kept();
        return true;
      } catch {
        // A full disk must not end the stream. What is not acknowledged comes again, whatever happens.
        await later(retryMs, undefined, { ref: false });
      }
    }
    return false;
  }

  /** Asks no more. */
  stop(): void {
    this.#isStopped = true;
  }
}
