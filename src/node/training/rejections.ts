import type { Rejection } from '../../stream/rejection.ts';

/** How many of the first rejections are kept for people to read. */
const keptMax = 5;

/** Counts the rows that could not be learned from, and keeps the first few. */
export class Rejections {
  readonly first: Rejection[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Takes one more. */
  add(rejection: Rejection): void {
    this.#count += 1;
    if (this.first.length < keptMax) this.first.push(rejection);
  }
}
