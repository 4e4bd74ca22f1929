import { capacityFor } from './capacity.ts';

/** The kinds of arrays that a {@link GrowingMatrix} can be made of. */
type Floats = Float32Array | Float64Array;

/**
 * Rows of numbers to which rows and columns can be added at the end. There is capacity beyond the
 * size, so that most growth copies nothing. What is new is 0.
 */
export class GrowingMatrix<Values extends Floats> {
  readonly #make: new (
    length: number,
  ) => Values;
  /** The numbers, row by row, each row `stride` after the one before. Another array after a growth. */
  values: Values;
  stride: number;
  rowCount: number;
  columnCount: number;

  constructor(make: new (length: number) => Values, rowCount: number, columnCount: number) {
    this.#make = make;
    this.rowCount = rowCount;
    this.columnCount = columnCount;
    this.stride = columnCount;
    this.values = new make(rowCount * columnCount);
  }

  /** A view of a row. After the next growth, another. */
  row(index: number): Values {
    const at = index * this.stride;
    return this.values.subarray(at, at + this.columnCount) as Values;
  }

  /** Views of all rows. */
  rows(): Values[] {
    return Array.from({ length: this.rowCount }, (_, index) => this.row(index));
  }

  /** The numbers of the first rows without the capacity: a copy. */
  packed(rowCount = this.rowCount): Values {
    const packed = new this.#make(rowCount * this.columnCount);
    for (let row = 0; row < rowCount; row += 1) packed.set(this.row(row), row * this.columnCount);
    return packed;
  }

  /** Replaces the numbers of the first rows by packed ones. */
  setPacked(packed: Values): void {
    const { columnCount } = this;
    for (let at = 0; at < packed.length; at += columnCount)
      this.row(at / columnCount).set(packed.subarray(at, at + columnCount));
  }

  /** Adds rows and columns of zeros; there are never fewer. */
  grow(rowCount: number, columnCount: number): void {
    if (columnCount > this.stride || rowCount * this.stride > this.values.length)
      this.#makeRoom(rowCount, columnCount);
    this.rowCount = rowCount;
    this.columnCount = columnCount;
  }

  #makeRoom(rowCount: number, columnCount: number): void {
    const old = this.rows();
    this.stride = Math.max(this.stride, capacityFor(columnCount));
    this.values = new this.#make(capacityFor(rowCount) * this.stride);
    for (const [index, row] of old.entries()) this.values.set(row, index * this.stride);
  }
}
