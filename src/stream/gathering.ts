import { atEndOfBurst } from './burst.ts';

/** So many values at most are taken together: what they carry must fit into the cache. */
const gatheredMax = 32;

/** Gathers the values of a burst, and gives them on together. One that comes by itself goes on at once. */
export class Gathering<Value> {
  readonly #take: (values: Value[]) => void;
  #values: Value[] = [];
  readonly #flush = (): void => this.flush();

  constructor(take: (values: Value[]) => void) {
    this.#take = take;
  }

  add(value: Value): void {
    const count = this.#values.push(value);
    if (count === gatheredMax || (count === 1 && !atEndOfBurst(this.#flush))) this.flush();
  }

  /** Gives on what has been gathered. */
  flush(): void {
    const values = this.#values;
    if (values.length === 0) return;
    this.#values = [];
    this.#take(values);
  }

  /** Forgets what has been gathered. */
  clear(): void {
    this.#values = [];
  }
}
