/** The newest few of a stream. The list it gives is never changed afterwards. */
export class RecentList<Item> {
  readonly #limit: number;
  readonly #charsMax: number;
  #items: readonly Item[] = [];
  /** The characters of each as JSON. */
  #sizes: readonly number[] = [];

  /** At most so many items, which have at most so many characters as JSON together. */
  constructor(limit: number, charsMax = 4_000_000) {
    this.#limit = limit;
    this.#charsMax = charsMax;
  }

  /** Oldest first. */
  get items(): readonly Item[] {
    return this.#items;
  }

  add(added: readonly Item[]): void {
    if (added.length === 0) return;
    const items = [...this.#items, ...added];
    const sizes = [...this.#sizes, ...added.map((item) => JSON.stringify(item).length)];
    let first = items.length;
    let chars = 0;
    while (first > 0 && items.length - first < this.#limit) {
      chars += sizes[first - 1]!;
      if (chars > this.#charsMax) break;
      first -= 1;
    }
    this.#items = items.slice(first);
    this.#sizes = sizes.slice(first);
  }

  clear(): void {
    this.#items = [];
    this.#sizes = [];
  }
}
