/** How much a {@link BoundedMap} holds. */
export interface BoundedMapLimits {
  /** Entries: at least 1. */
  readonly entriesMax: number;
  /** Bytes of all entries, as passed to {@link BoundedMap.set}: above 0. */
  readonly bytesMax: number;
}

/** A map of the newest entries, bounded in entries and in bytes: the oldest are dropped first. */
export class BoundedMap<Value> {
  readonly #limits: BoundedMapLimits;
  readonly #entries = new Map<string, { readonly value: Value; readonly bytes: number }>();
  #bytes = 0;

  constructor(limits: BoundedMapLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of all entries. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Sets an entry, which is then the newest, and drops the oldest until both bounds hold. False, with
   * the key absent, where the entry alone is larger than the bound.
   */
  set(key: string, value: Value, bytes: number): boolean {
    const { entriesMax, bytesMax } = this.#limits;
    this.take(key);
    if (bytes > bytesMax) return false;
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= entriesMax && this.#bytes <= bytesMax) break;
      this.take(oldest);
    }
    return true;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  /** Removes an entry and returns its value. */
  take(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    return entry.value;
  }
}
