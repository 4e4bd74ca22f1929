import { initialRandom, type RandomMemory, randomInteger } from '../math/random.ts';

/**
 * What becomes of a value for which there is no room: the oldest that waits makes room, the newest
 * is left out, those that wait stay a fair sample of all that came, or the stream ends with an error.
 */
export type OverflowPolicy = 'drop-oldest' | 'drop-newest' | 'sample' | 'error';

/** What a buffer did so far: received = passed + dropped + waiting, always. */
export interface BufferCounters {
  received: number;
  passed: number;
  dropped: number;
  /** How many wait to be taken now: the lag. */
  waiting: number;
}

/** That a buffer has begun or ceased to leave values out. */
export interface Overflow {
  readonly kind: 'began' | 'ended';
  /** How many have been left out so far. */
  readonly dropped: number;
}

/** Counters of a buffer that has not begun. */
export const noneBuffered = (): BufferCounters => ({
  received: 0,
  passed: 0,
  dropped: 0,
  waiting: 0,
});

/** More came than could be taken, and the policy was `error`. */
export class OverflowError extends Error {
  override readonly name = 'OverflowError';
}

/** What {@link Waiting} is made with. */
export interface WaitingOptions {
  readonly size: number;
  readonly policy: OverflowPolicy;
  readonly seed?: number;
  readonly counters: BufferCounters;
  readonly overflow?: { next(overflow: Overflow): void };
}

/** Values that wait to be taken, at most so many: a ring. */
export class Waiting<T> {
  readonly #ring: (T | undefined)[];
  readonly #options: WaitingOptions;
  readonly #random: RandomMemory;
  #first = 0;
  #count = 0;
  /** How many came since there was no room, those before them included; 0 while there is room. */
  #sampledFrom = 0;

  constructor(options: WaitingOptions) {
    this.#ring = Array.from({ length: options.size });
    this.#options = options;
    this.#random = initialRandom(options.seed ?? 1);
  }

  /** How many wait. */
  get count(): number {
    return this.#count;
  }

  /** Takes one in, as the policy has it. Throws an OverflowError where that is to be. */
  put(value: T): void {
    const { counters } = this.#options;
    counters.received += 1;
    if (this.#count < this.#ring.length) {
      this.#ring[(this.#first + this.#count) % this.#ring.length] = value;
      this.#count += 1;
    } else {
      this.#overflow(value);
    }
    counters.waiting = this.#count;
  }

  /** Takes out the one that came first. */
  take(): T {
    const value = this.#ring[this.#first] as T;
    this.#ring[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#count -= 1;
    const { counters, overflow } = this.#options;
    counters.passed += 1;
    counters.waiting = this.#count;
    // Half empty: at the brim, one overflow would be told as thousands.
    if (this.#sampledFrom > 0 && this.#count * 2 <= this.#ring.length) {
      this.#sampledFrom = 0;
      overflow?.next({ kind: 'ended', dropped: counters.dropped });
    }
    return value;
  }

  #overflow(value: T): void {
    const { counters, overflow, policy } = this.#options;
    counters.dropped += 1;
    if (this.#sampledFrom === 0) {
      this.#sampledFrom = this.#ring.length;
      overflow?.next({ kind: 'began', dropped: counters.dropped });
    }
    this.#sampledFrom += 1;
    if (policy === 'error') {
      throw new OverflowError(`${this.#ring.length} values wait already; the source is too fast`);
    }
    if (policy === 'drop-oldest') this.#replaceOldest(value);
    else if (policy === 'sample') this.#replaceAny(value);
  }

  #replaceOldest(value: T): void {
    this.#ring[this.#first] = value;
    this.#first = (this.#first + 1) % this.#ring.length;
  }

  /** Vitter's reservoir: each of all that came is among those that wait with the same chance. */
  #replaceAny(value: T): void {
    const place = randomInteger(this.#random, this.#sampledFrom);
    if (place >= this.#ring.length) return;
    this.#ring[place] = value;
  }
}
