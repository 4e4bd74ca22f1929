/** The last values by their ids, as plain data: a ring. */
export type RecentMemory<Value> = {
  readonly ring: Recent<Value>[];
  /** How many values there have been. */
  count: number;
};

/** A value with its id; null once it has been taken. */
export type Recent<Value> = { readonly id: string; value: Value | null };

/** The last `capacity` values, found by id. The index follows from the memory alone. */
export class RecentById<Value> {
  readonly #memory: RecentMemory<Value>;
  readonly #capacity: number;
  readonly #byId = new Map<string, Recent<Value>>();
  #count: number;

  /** Works on the memory itself. */
  constructor(memory: RecentMemory<Value>, capacity: number) {
    this.#memory = memory;
    this.#capacity = capacity;
    this.#count = memory.count;
    for (const recent of memory.ring) this.#byId.set(recent.id, recent);
  }

  /** Whether it speaks of this memory, and the memory is as it left it. */
  isOf(memory: RecentMemory<Value>): boolean {
    return memory === this.#memory && memory.count === this.#count;
  }

  /** The newest with this id, taken or not. */
  find(id: string): Recent<Value> | undefined {
    return this.#byId.get(id);
  }

  /** Remembers a value in place of the oldest one. */
  add(id: string, value: Value): void {
    const { ring } = this.#memory;
    const position = this.#memory.count % this.#capacity;
    const oldest = ring[position];
    // Its id may have been given again to a newer one.
    if (oldest !== undefined && this.#byId.get(oldest.id) === oldest) this.#byId.delete(oldest.id);
    const recent = { id, value };
    ring[Math.min(position, ring.length)] = recent;
    this.#byId.set(id, recent);
    this.#memory.count += 1;
    this.#count = this.#memory.count;
  }
}

/** A finder for each memory that a part is run on: made once, and anew when the memory is another. */
export const recentByMemory = <Value>(
  capacity: number,
): ((memory: RecentMemory<Value>) => RecentById<Value>) => {
  if (!Number.isInteger(capacity) || capacity < 1)
    throw new RangeError(`capacity: expected a whole number of at least 1, got ${capacity}`);
  const known = new WeakMap<RecentMemory<Value>, RecentById<Value>>();
  return (memory) => {
    const current = known.get(memory);
    if (current?.isOf(memory)) return current;
    const fresh = new RecentById(memory, capacity);
    known.set(memory, fresh);
    return fresh;
  };
};
