import { heldBytes } from './held-bytes.ts';

/** The last values by their ids, as plain data: a ring. */
export type RecentMemory<Value> = {
  /** Null where a value was dropped because all were too large together. */
  readonly ring: (Recent<Value> | null)[];
  /** How many values there have been. */
  count: number;
};

/** A value with its id; null once it has been removed. */
export type Recent<Value> = { readonly id: string; value: Value | null };

/** How much a {@link RecentById} remembers. */
export interface RecentLimits<Value> {
  /** Values: at least 1. */
  readonly capacity: number;
  /** Bytes of all values and ids together. Default 64 MiB. */
  readonly bytesMax?: number;
  /** The bytes of a value, the same at any time. Default {@link heldBytes}. */
  readonly bytesOf?: (value: Value) => number;
}

const defaultBytesMax = 67_108_864;

/** The last values, found by id; the oldest are dropped. The index follows from the memory alone. */
export class RecentById<Value> {
  readonly #memory: RecentMemory<Value>;
  readonly #limits: Required<RecentLimits<Value>>;
  readonly #byId = new Map<string, Recent<Value>>();
  #count: number;
  #bytes = 0;
  /** The number of the oldest value that is not dropped. */
  #oldest: number;

  /** Works on the memory itself. */
  constructor(
    memory: RecentMemory<Value>,
    { capacity, bytesMax = defaultBytesMax, bytesOf = heldBytes }: RecentLimits<Value>,
  ) {
    this.#memory = memory;
    this.#limits = { capacity, bytesMax, bytesOf };
    this.#count = memory.count;
    this.#oldest = Math.max(0, memory.count - capacity);
    for (let number = this.#oldest; number < memory.count; number += 1) {
      const recent = memory.ring[number % capacity];
      if (!recent) continue;
      this.#byId.set(recent.id, recent);
      this.#bytes += this.#size(recent);
    }
  }

  /** Whether it speaks of this memory, and the memory is as it left it. */
  isOf(memory: RecentMemory<Value>): boolean {
    return memory === this.#memory && memory.count === this.#count;
  }

  /** The newest with this id, taken or not. */
  find(id: string): Recent<Value> | undefined {
    return this.#byId.get(id);
  }

  /** Removes and returns the value with this id. */
  take(id: string): Value | undefined {
    const recent = this.#byId.get(id);
    if (!recent?.value) return undefined;
    const { value } = recent;
    this.#bytes -= this.#size(recent);
    recent.value = null;
    this.#bytes += this.#size(recent);
    return value;
  }

  /**
   * Remembers a value in place of the oldest one, or of several where they are too large together. One
   * that is too large alone is not remembered.
   */
  add(id: string, value: Value): void {
    const { capacity, bytesMax } = this.#limits;
    const { ring } = this.#memory;
    const recent: Recent<Value> = { id, value };
    if (this.#count - this.#oldest >= capacity) this.#dropOldest();
    const bytes = this.#size(recent);
    // One that is too large alone must not drop all the others.
    const isKept = bytes <= bytesMax;
    ring[Math.min(this.#count % capacity, ring.length)] = isKept ? recent : null;
    if (isKept) {
      this.#byId.set(id, recent);
      this.#bytes += bytes;
    }
    this.#memory.count += 1;
    this.#count = this.#memory.count;
    while (this.#bytes > bytesMax && this.#oldest < this.#count) this.#dropOldest();
  }

  #dropOldest(): void {
    const { ring } = this.#memory;
    const position = this.#oldest % this.#limits.capacity;
    this.#oldest += 1;
    const recent = ring[position];
    if (!recent) return;
    ring[position] = null;
    this.#bytes -= this.#size(recent);
    // Its id may have been given again to a newer one.
    if (this.#byId.get(recent.id) === recent) this.#byId.delete(recent.id);
  }

  #size({ id, value }: Recent<Value>): number {
    return heldBytes(id) + (value === null ? 0 : this.#limits.bytesOf(value));
  }
}

/** A finder for each memory that a part is run on: made once, and anew when the memory is another. */
export const recentByMemory = <Value>(
  limits: RecentLimits<Value>,
): ((memory: RecentMemory<Value>) => RecentById<Value>) => {
  const { capacity, bytesMax = defaultBytesMax } = limits;
  if (!Number.isInteger(capacity) || capacity < 1)
    throw new RangeError(`capacity: expected a whole number of at least 1, got ${capacity}`);
  if (!(bytesMax > 0)) throw new RangeError(`bytesMax: expected a number above 0, got ${bytesMax}`);
  const known = new WeakMap<RecentMemory<Value>, RecentById<Value>>();
  return (memory) => {
    const current = known.get(memory);
    if (current?.isOf(memory)) return current;
    const fresh = new RecentById(memory, limits);
    known.set(memory, fresh);
    return fresh;
  };
};
