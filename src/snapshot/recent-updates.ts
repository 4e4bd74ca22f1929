import type { Update } from '../learn/learner.ts';

/** A ring of the newest updates: one write per sample, copied only when it is read. */
export class RecentUpdates<Value extends Update = Update> {
  readonly #ring: (Value | undefined)[];
  #taken = 0;
  /** The place of the next one: taken modulo the length, without a division for each sample. */
  #next = 0;

  /** Holds at most `capacity` updates: a positive integer. Default 32, as many as a snapshot looks at. */
  constructor(capacity = 32) {
    if (!(Number.isInteger(capacity) && capacity > 0)) {
      throw new RangeError(`capacity must be a positive integer, not ${capacity}`);
    }
    this.#ring = new Array<Value | undefined>(capacity).fill(undefined);
  }

  /** How many updates it holds at most. */
  get capacity(): number {
    return this.#ring.length;
  }

  /** Adds the newest update; the oldest is dropped where the ring is full. */
  add(update: Value): void {
    this.#ring[this.#next] = update;
    this.#next = this.#next + 1 === this.#ring.length ? 0 : this.#next + 1;
    this.#taken += 1;
  }

  /** At most `most` of the newest, newest last. Default: all. */
  newest(most = this.capacity): Value[] {
    const { length } = this.#ring;
    const count = Math.min(this.#taken, length, most);
    return Array.from({ length: count }, (_, i) => this.#ring[(this.#taken - count + i) % length]!);
  }
}
