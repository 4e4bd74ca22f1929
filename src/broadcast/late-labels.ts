import type { Row } from './model.ts';

/** Rows that were predicted for by id, kept until their label comes. The oldest are let go. */
export class LateLabels {
  readonly #most: number;
  readonly #rows = new Map<string, Row>();

  constructor(most: number) {
    this.#most = most;
  }

  remember(id: string, row: Row): void {
    this.#rows.delete(id);
    this.#rows.set(id, row);
    if (this.#rows.size <= this.#most) return;
    const [oldest] = this.#rows.keys();
    this.#rows.delete(oldest!);
  }

  /** The row of that id, which is then forgotten: a label comes once. */
  take(id: string): Row | undefined {
    const row = this.#rows.get(id);
    this.#rows.delete(id);
    return row;
  }
}
