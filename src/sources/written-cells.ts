/**
 * Which cells of a table a reader gives as they are written: the type of their column decides what they
 * mean. It may change while rows are read; all cells of a row are read by the same state.
 */
export class WrittenCells {
  #columns: ReadonlySet<string> | undefined;
  #version = 0;

  /** A number that changes with the state. */
  get version(): number {
    return this.#version;
  }

  /** From now on the cells of these columns are given as they are written. At first all are. */
  limitTo(columns: ReadonlySet<string>): void {
    this.#columns = columns;
    this.#version += 1;
  }

  /** Whether the cells of a column are given as they are written. */
  has(column: string): boolean {
    return this.#columns === undefined || this.#columns.has(column);
  }
}
