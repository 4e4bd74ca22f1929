import { TokenBucket } from '../../broadcast/token-bucket.ts';

/** How many addresses are remembered. Those that came longest ago are forgotten first. */
const addressesMax = 10_000;

/** At most so many events a second from each address, as one burst or spread. */
export class RateLimiter {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, TokenBucket>();

  /** @param perSecond More than 0; below 1 it is one event in so many seconds. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Whether one more event of this address may pass at `now`, in ms. */
  take(address: string, now: number): boolean {
    const bucket = this.#buckets.get(address) ?? new TokenBucket(this.#perSecond, now);
    // A map keeps the order of insertion: the first key is the one that came longest ago.
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    if (this.#buckets.size > addressesMax) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return bucket.take(now);
  }
}
