import { BoundedMap } from '../stream/bounded-map.ts';
import { heldBytes } from '../stream/held-bytes.ts';
import type { Limits } from './limits.ts';
import type { Row } from './model.ts';

/** Rows that were predicted for by id, until their label comes. The oldest are dropped. */
export class LateLabels {
  readonly #rows: BoundedMap<Row>;

  constructor({ lateLabels, lateLabelBytes }: Pick<Limits, 'lateLabels' | 'lateLabelBytes'>) {
    this.#rows = new BoundedMap({ entriesMax: lateLabels, bytesMax: lateLabelBytes });
  }

  remember(id: string, row: Row): void {
    this.#rows.set(id, row, heldBytes(id) + heldBytes(row));
  }

  /** The row of that id, which is then forgotten: a label comes once. */
  take(id: string): Row | undefined {
    return this.#rows.take(id);
  }
}
