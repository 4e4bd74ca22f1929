/** The newest few of a stream. The list it gives is never changed afterwards. */
export class RecentList<Item> {
  readonly #limit: number;
  #items: readonly Item[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Oldest first. */
  get items(): readonly Item[] {
    return this.#items;
  }

  add(added: readonly Item[]): void {
    if (added.length > 0) this.#items = [...this.#items, ...added].slice(-this.#limit);
  }

  clear(): void {
    this.#items = [];
  }
}
