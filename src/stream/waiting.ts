import { wholePower } from '../math/power.ts';
import { initialRandom, type RandomMemory, randomShare } from '../math/random.ts';
import type { StreamEvent } from './event.ts';
import type { Governor } from './governor.ts';

/**
 * Draws a fair sample from a number of values that is not known beforehand: each time the buffer is full,
 * half of the values are dropped, and from then on only half as many of the next are admitted. So all
 * values of a burst have the same probability to remain, and their order is preserved.
 * P. Gibbons and Y. Matias, "New Sampling-Based Summary Statistics for Improving Approximate Query
 * Answers", SIGMOD 1998 (concise samples). Of two values at least one is left out.
 */
export class Thinning {
  readonly #random: RandomMemory;
  /** How often the buffer was full: one of 2^this values is admitted. */
  #halvings = 0;

  constructor(seed: number) {
    this.#random = initialRandom(seed);
  }

  /** Whether the next value is admitted. */
  admits(): boolean {
    return this.#halvings === 0 || randomShare(this.#random) < wholePower(0.5, this.#halvings);
  }

  /** Half of them: one of each two that follow each other. */
  thin<T>(values: readonly T[]): T[] {
    this.#halvings += 1;
    const kept: T[] = [];
    for (let i = 0; i < values.length; i += 2) {
      const chosen = i + (randomShare(this.#random) < 0.5 ? 0 : 1);
      if (chosen < values.length) kept.push(values[chosen]!);
    }
    return kept;
  }

  /** Admits twice as many when a quarter of the capacity is used, and all when none is. Returns whether it admits all. */
  relax(count: number, room: number): boolean {
    if (count === 0) this.#halvings = 0;
    else if (count === Math.floor(room / 4)) this.#halvings = Math.max(0, this.#halvings - 1);
    return this.#halvings === 0;
  }
}

/** The names of the policies. */
export const overflowPolicies = ['drop-oldest', 'drop-newest', 'sample', 'error', 'block'] as const;

/**
 * What happens when the buffer is full. `drop-oldest` and `drop-newest` drop one value, `sample` drops at
 * random so that all values of the burst have the same probability, and `error` ends the stream with an
 * error after the buffered values. `block` applies backpressure: the source is paused when the buffer is
 * half full and resumes at a quarter; the other half is for what one of its values may bring, and for
 * what comes at its end.
 */
export type OverflowPolicy = (typeof overflowPolicies)[number];

/** What a buffer did so far: received = passed + dropped + waiting, always. */
export interface BufferCounters {
  /** All values that came: `passed + dropped + waiting`. */
  received: number;
  /** Values that left the buffer in order. */
  passed: number;
  /** Values that were dropped because the buffer was full. */
  dropped: number;
  /** How many are buffered now: the lag. */
  waiting: number;
}

/** That a buffer has begun or ceased to leave values out. */
export interface Overflow {
  /** Whether samples begin or cease to be dropped. */
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

/** The buffer was full, and the policy `error`; or `block`, and the source ignored the backpressure. */
export class OverflowError extends Error {
  override readonly name = 'OverflowError';
}

/** What {@link Waiting} is made with. */
export interface WaitingOptions {
  /** How many values may wait. */
  readonly size: number;
  readonly policy: OverflowPolicy;
  /** Bytes that may wait, with one value more: above 0. Default 256 MiB; it needs `bytesOf`. */
  readonly bytesMax?: number;
  /** The bytes of a value, such as {@link heldBytes}. Default: they are not counted. */
  readonly bytesOf?: (value: never) => number;
  /** Of the choices of `sample`. Default 1. */
  readonly seed?: number;
  /** Kept up to date with what it does. */
  readonly counters: BufferCounters;
  /** Told when it begins and ceases to leave values out. */
  readonly overflow?: { next(overflow: Overflow): void };
  /** What the source is held by: the governor that it was made with. `block` needs it. */
  readonly sourceGovernor?: Governor;
}

/** Throws a RangeError or a TypeError if an option is invalid. */
export const checkWaiting = ({
  size,
  policy,
  bytesMax,
  sourceGovernor,
}: Partial<WaitingOptions>): void => {
  if (bytesMax !== undefined && !(bytesMax > 0)) {
    throw new RangeError(`bytesMax must be above 0, not ${bytesMax}`);
  }
  if (size !== undefined && (!Number.isInteger(size) || size < 1)) {
    throw new RangeError(`size must be a whole number of at least 1, not ${size}`);
  }
  if (policy !== undefined && !overflowPolicies.includes(policy)) {
    throw new TypeError(`there is no policy ${policy}; there are ${overflowPolicies.join(', ')}`);
  }
  if (policy === 'block' && sourceGovernor === undefined) {
    throw new TypeError('block needs sourceGovernor, the governor that the source was made with');
  }
  // Half of one value is nothing or all.
  if (policy === 'sample' && size === 1)
    throw new RangeError('a sample needs a size of at least 2');
};

const defaultBytesMax = 268_435_456;

/** A bounded buffer of values: a ring. */
export class Waiting<T> {
  readonly #ring: (T | undefined)[];
  readonly #options: WaitingOptions;
  readonly #thinning: Thinning | undefined;
  /** The bytes of each, where they are counted. */
  readonly #sizes: Float64Array | undefined;
  readonly #bytesMax: number;
  #bytes = 0;
  #first = 0;
  #count = 0;
  /** It has begun to leave values out, and not ceased. */
  #isOver = false;
  #release: (() => void) | undefined;

  /** The options have been checked. */
  constructor(options: WaitingOptions) {
    this.#ring = Array.from({ length: options.size });
    this.#options = options;
    this.#bytesMax = options.bytesMax ?? defaultBytesMax;
    if (options.bytesOf) this.#sizes = new Float64Array(options.size);
    if (options.policy === 'sample') this.#thinning = new Thinning(options.seed ?? 1);
  }

  /** How many wait. */
  get count(): number {
    return this.#count;
  }

  /** Takes one in, as the policy has it. Throws an OverflowError where that is to be. */
  put(value: T): void {
    this.#options.counters.received += 1;
    if (this.#thinning) this.#putSome(value, this.#thinning);
    else if (this.#isFull) this.#overflow(value);
    else this.#add(value);
    this.#holdSource();
  }

  /** Takes out the one that came first. */
  take(): T {
    // Before anything is removed: the listener may throw.
    if (this.#isRelaxed(this.#count - 1)) this.#cease();
    this.#options.counters.passed += 1;
    const value = this.#remove();
    if (this.#isFilledTo(1 / 4)) return value;
    this.#letGo();
    return value;
  }

  /** Leaves out all that wait: nobody takes them any more. */
  close(): void {
    const count = this.#count;
    while (this.#count > 0) this.#remove();
    this.#options.counters.dropped += count;
    this.#letGo();
    this.#cease();
  }

  get #isFull(): boolean {
    return this.#count === this.#ring.length || this.#bytes >= this.#bytesMax;
  }

  /** Whether more than this part of the capacity is used. */
  #isFilledTo(part: number): boolean {
    return this.#count > part * this.#ring.length || this.#bytes > part * this.#bytesMax;
  }

  #add(value: T): void {
    const position = (this.#first + this.#count) % this.#ring.length;
    this.#ring[position] = value;
    if (this.#sizes) {
      this.#sizes[position] = this.#options.bytesOf!(value as never);
      this.#bytes += this.#sizes[position]!;
    }
    this.#count += 1;
    this.#options.counters.waiting += 1;
  }

  #remove(): T {
    const value = this.#ring[this.#first] as T;
    this.#ring[this.#first] = undefined;
    this.#bytes -= this.#sizes?.[this.#first] ?? 0;
    this.#first = (this.#first + 1) % this.#ring.length;
    this.#count -= 1;
    this.#options.counters.waiting -= 1;
    return value;
  }

  #drop(count: number): void {
    const { counters, overflow } = this.#options;
    counters.dropped += count;
    if (this.#isOver || count === 0) return;
    this.#isOver = true;
    overflow?.next({ kind: 'began', dropped: counters.dropped });
  }

  #overflow(value: T): void {
    const { policy } = this.#options;
    if (policy === 'drop-oldest') {
      const before = this.#count;
      while (this.#isFull) this.#remove();
      this.#drop(before - this.#count);
      this.#add(value);
      return;
    }
    this.#drop(1);
    if (policy === 'error') throw new OverflowError(`${this.#told}; the source is too fast`);
    if (policy === 'block') throw new OverflowError(`${this.#told}; the source does not wait`);
  }

  get #told(): string {
    return `${this.#count} values wait already`;
  }

  #putSome(value: T, thinning: Thinning): void {
    if (this.#isFull) {
      const waiting = Array.from({ length: this.#count }, () => this.#remove());
      for (const kept of thinning.thin(waiting)) this.#add(kept);
      this.#drop(waiting.length - this.#count);
    }
    if (thinning.admits()) this.#add(value);
    else this.#drop(1);
  }

  #holdSource(): void {
    const { policy, sourceGovernor } = this.#options;
    const isHalf = this.#count * 2 >= this.#ring.length || this.#bytes * 2 >= this.#bytesMax;
    if (policy !== 'block' || !isHalf) return;
    this.#release ??= sourceGovernor?.hold();
  }

  #letGo(): void {
    const release = this.#release;
    this.#release = undefined;
    // The source may resume at once, until it must be paused again.
    release?.();
  }

  /** Half empty: at the limit, one overflow would be reported as thousands. */
  #isRelaxed(count: number): boolean {
    const room = this.#ring.length;
    if (this.#bytes * 2 > this.#bytesMax) return false;
    return this.#thinning ? this.#thinning.relax(count, room) : count * 2 <= room;
  }

  #cease(): void {
    if (!this.#isOver) return;
    this.#isOver = false;
    const { counters, overflow } = this.#options;
    overflow?.next({ kind: 'ended', dropped: counters.dropped });
  }
}

/** An overflow as an event, at this many samples learned. */
export const overflowEvent = ({ kind, dropped }: Overflow, step: number): StreamEvent => {
  const message =
    kind === 'began'
      ? 'samples come faster than they are learned: some are left out'
      : `the learner keeps up again; ${dropped} samples were left out so far`;
  return { kind: 'overload', step, message, detail: { dropped } };
};
