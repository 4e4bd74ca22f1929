import { setTimeout as later } from 'node:timers/promises';

/** After so many milliseconds it is asked again. */
const retryMs = 1_000;

/** So long, in milliseconds, a stopped keeper waits for what is being kept: the broker waits with it. */
const lastMs = 5_000;

/** Waits until what has been learned is kept. */
export class Keeper {
  readonly #kept: () => Promise<unknown>;
  /** What gives up those that wait. */
  readonly #waiting = new Set<() => void>();
  #isStopped = false;
  #isOver = false;

  /** `kept` is done when all that was learned before it was called is kept; where it fails, nothing is. */
  constructor(kept: () => Promise<unknown>) {
    this.#kept = kept;
  }

  /** Whether it is; false only where it was stopped, and `kept` was not done soon. */
  isKept(): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isKept: boolean): void => {
        this.#waiting.delete(giveUp);
        resolve(isKept);
      };
      const giveUp = (): void => settle(false);
      this.#waiting.add(giveUp);
      void this.#ask().then(settle);
    });
  }

  /** Has what was learned so far kept, if it can be soon; what failed is not asked again. */
  stop(): void {
    this.#isStopped = true;
    setTimeout(() => {
      this.#isOver = true;
      for (const giveUp of this.#waiting) giveUp();
    }, lastMs).unref();
  }

  async #ask(): Promise<boolean> {
    while (!this.#isOver) {
      try {
        await this.#kept();
        return true;
      } catch {
        // A full disk must not end the stream. What is not acknowledged comes again, whatever happens.
        if (!this.#isStopped) await later(retryMs, undefined, { ref: false });
        if (this.#isStopped) return false;
      }
    }
    return false;
  }
}
