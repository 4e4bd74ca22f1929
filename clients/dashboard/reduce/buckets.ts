/** How the values of one column become one value when neighbours are merged. */
export type Merge = 'last' | 'mean' | 'min' | 'max' | 'sum';

/**
 * A curve of any length in a bounded number of rows. When the rows are full, neighbours are merged
 * two by two and from then on a row takes twice as many points. Where rows begin depends only on
 * how many points came, so a curve never wobbles from one redraw to the next.
 */
export class Buckets<Column extends string> {
  readonly #merges: readonly (readonly [Column, Merge])[];
  readonly #columns: Map<Column, Float64Array>;
  readonly #limit: number;
  #rows = 0;
  /** Points that a full row holds. */
  #width = 1;
  /** Points in the newest row. */
  #filled = 0;

  constructor(merges: Readonly<Record<Column, Merge>>, limit = 2_000) {
    if (!Number.isInteger(limit) || limit < 2 || limit % 2 === 1) {
      throw new RangeError(`limit must be an even number of rows, at least 2, not ${limit}`);
    }
    this.#merges = Object.entries(merges) as [Column, Merge][];
    this.#columns = new Map(this.#merges.map(([name]) => [name, new Float64Array(limit)]));
    this.#limit = limit;
  }

  /** How many rows there are now. */
  get length(): number {
    return this.#rows;
  }

  add(point: Readonly<Record<Column, number>>): void {
    if (this.#rows === 0 || this.#filled === this.#width) this.#open(point);
    else this.#extend(point);
  }

  /** A copy of one column, oldest row first. */
  column(name: Column): Float64Array {
    return this.#of(name).slice(0, this.#rows);
  }

  clear(): void {
    this.#rows = 0;
    this.#width = 1;
    this.#filled = 0;
  }

  #open(point: Readonly<Record<Column, number>>): void {
    if (this.#rows === this.#limit) this.#halve();
    for (const [name] of this.#merges) this.#of(name)[this.#rows] = point[name];
    this.#rows += 1;
    this.#filled = 1;
  }

  #extend(point: Readonly<Record<Column, number>>): void {
    const row = this.#rows - 1;
    for (const [name, merge] of this.#merges) {
      const column = this.#of(name);
      column[row] = merged(merge, [column[row] ?? 0, this.#filled], [point[name], 1]);
    }
    this.#filled += 1;
  }

  /** All rows are full whenever this is called, so every pair weighs the same. */
  #halve(): void {
    for (const [name, merge] of this.#merges) {
      const column = this.#of(name);
      for (let row = 0; row < this.#rows / 2; row += 1) {
        const pair = [column[2 * row] ?? 0, column[2 * row + 1] ?? 0] as const;
        column[row] = merged(merge, [pair[0], 1], [pair[1], 1]);
      }
    }
    this.#rows /= 2;
    this.#width *= 2;
  }

  #of(name: Column): Float64Array {
    return this.#columns.get(name) as Float64Array;
  }
}

type Weighed = readonly [value: number, points: number];

/** A missing value (NaN) gives way to a present one. */
function merged(merge: Merge, [a, countA]: Weighed, [b, countB]: Weighed): number {
  if (Number.isNaN(a) || merge === 'last') return b;
  if (Number.isNaN(b)) return a;
  if (merge === 'min') return Math.min(a, b);
  if (merge === 'max') return Math.max(a, b);
  if (merge === 'sum') return a + b;
  return (a * countA + b * countB) / (countA + countB);
}
