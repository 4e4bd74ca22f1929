import { unref } from './every.ts';
import type { Governor } from './governor.ts';

/** Options of a {@link Pacer}. */
export interface PacerOptions {
  /** The largest number of values per second: > 0. Default: no limit. */
  readonly rate?: number;
  /** Changes the rate, pauses and resumes while it runs. Default: none. */
  readonly governor?: Governor;
  /** The event loop is served after this many milliseconds: > 0. Default 4. */
  readonly sliceMs?: number;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/** Throws a RangeError if an option is invalid. */
export const checkPacer = ({ rate = 1, sliceMs = 1 }: PacerOptions): void => {
  if (!(rate > 0)) throw new RangeError(`rate must be above 0 values a second, not ${rate}`);
  if (!(sliceMs > 0)) throw new RangeError(`sliceMs must be above 0, not ${sliceMs}`);
};

/** A backlog beyond this is forgotten: after a pause, the rate must not turn into a burst. */
const catchUpMs = 1000;

/** A pause is ended by the governor; until then it is looked at now and then. */
const pausedMs = 60_000;

/** The most values between two looks at the clock: a look costs as much as a small update. */
const strideMax = 256;

/**
 * Says when a busy loop must let others run, and waits for it: `if (pacer.isDue()) await
 * pacer.pass()`. The due times of a rate are counted from the start, so they do not drift.
 */
export class Pacer {
  readonly #ownRate: number;
  readonly #governor: Governor | undefined;
  readonly #unwatch: () => void;
  readonly #sliceMs: number;
  readonly #now: () => number;
  #startMs: number;
  #sliceStartMs: number;
  #lookMs: number;
  #passed = 0;
  #stride = 1;
  #left = 0;
  #wake: (() => void) | undefined;

  constructor(options: PacerOptions = {}) {
    checkPacer(options);
    const {
      rate = Number.POSITIVE_INFINITY,
      governor,
      sliceMs = 4,
      now = () => performance.now(),
    } = options;
    this.#ownRate = rate;
    this.#governor = governor;
    this.#sliceMs = sliceMs;
    this.#now = now;
    this.#startMs = this.#sliceStartMs = this.#lookMs = now();
    this.#unwatch = governor?.watch(() => this.#governed()) ?? (() => {});
  }

  /** Counts one value, or says that it must wait for {@link pass}. */
  isDue(): boolean {
    return this.take(1) === 0;
  }

  /** Grants as many values as may pass at once, at most `most`; 0: the next must wait for {@link pass}. */
  take(most: number): number {
    if (this.#left === 0 && !this.#look()) return 0;
    const taken = Math.min(most, this.#left);
    this.#left -= taken;
    return taken;
  }

  /** Serves the event loop, and waits until the next value may pass. */
  async pass(): Promise<void> {
    for (;;) {
      await this.#sleep(this.#waitMs());
      const now = this.#now();
      this.#sliceStartMs = this.#lookMs = now;
      if (this.#left > 0 || this.#grant(now)) break;
    }
    this.#left -= 1;
  }

  /** Whether somebody has stopped it all. */
  get isPaused(): boolean {
    return this.#governor?.isPaused ?? false;
  }

  /** Ends the waiting at once. */
  stop(): void {
    this.#unwatch();
    this.#left = Number.POSITIVE_INFINITY;
    this.#wake?.();
  }

  #rate(): number {
    return this.#governor?.rate ?? this.#ownRate;
  }

  /** Withdraws what was granted under the old rate, and counts due times from now. */
  #governed(): void {
    this.#startMs = this.#now();
    this.#passed = 0;
    this.#left = 0;
    this.#wake?.();
  }

  #look(): boolean {
    const now = this.#now();
    this.#fitStride(now - this.#lookMs);
    this.#lookMs = now;
    return now - this.#sliceStartMs < this.#sliceMs && this.#grant(now);
  }

  #grant(now: number): boolean {
    const granted = Math.min(this.#stride, this.#allowed(now));
    if (granted <= 0) return false;
    this.#left = granted;
    this.#passed += granted;
    return true;
  }

  /** Aims at eight looks a slice, whatever a value costs. */
  #fitStride(elapsedMs: number): void {
    const wanted = (this.#stride * this.#sliceMs) / (8 * Math.max(elapsedMs, 1e-6));
    this.#stride = Math.max(1, Math.min(strideMax, this.#stride * 2, Math.floor(wanted)));
  }

  #allowed(now: number): number {
    if (this.isPaused) return 0;
    if (this.#rate() === Number.POSITIVE_INFINITY) return this.#rate();
    const backlogMs = now - this.#dueMs();
    if (backlogMs > catchUpMs) this.#startMs += backlogMs - catchUpMs;
    return Math.floor(((now - this.#startMs) / 1000) * this.#rate() + 1e-6) + 1 - this.#passed;
  }

  /** When the next value may pass. */
  #dueMs(): number {
    return this.#startMs + (this.#passed / this.#rate()) * 1000;
  }

  #waitMs(): number {
    if (this.isPaused) return pausedMs;
    if (this.#rate() === Number.POSITIVE_INFINITY) return 0;
    return Math.max(0, this.#dueMs() - this.#now());
  }

  #sleep(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = waitMs > 0 ? setTimeout(resolve, Math.ceil(waitMs)) : soon(resolve);
      // Only another part of the program can end a pause: where there is none, nothing is to come.
      if (this.isPaused) unref(timer);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * Runs a task after the events that wait already. A timer of 0 ms would cost a millisecond in
 * Node and four in a browser, as much as a whole slice.
 */
const soon = (task: () => void): undefined => {
  const { setImmediate } = globalThis as { setImmediate?: (task: () => void) => unknown };
  if (setImmediate !== undefined) {
    setImmediate(task);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    task();
  };
  port2.postMessage(undefined);
};
