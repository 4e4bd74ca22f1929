import { atEndOfBurst } from './burst.ts';

/** So many values at most are taken together: what they carry must fit into the cache. */
const gatheredMax = 32;

/** Gathers the values of a burst, and gives them on together. One that comes by itself goes on at once. */
export class Gathering<Value> {
  readonly #take: (values: Value[]) => void;
  #values: Value[] = [];
  #isTaking = false;
  readonly #afterwards: (() => void)[] = [];
  readonly #flush = (): void => this.flush();

  /** `take` uses the array up; it must not throw. */
  constructor(take: (values: Value[]) => void) {
    this.#take = take;
  }

  add(value: Value): void {
    const count = this.#values.push(value);
    if (count === gatheredMax || (count === 1 && !atEndOfBurst(this.#flush))) this.flush();
  }

  /** Gives on what has been gathered; where some is being taken just now, after that. */
  flush(): void {
    if (this.#isTaking) return;
    this.#isTaking = true;
    while (this.#values.length > 0) {
      const values = this.#values;
      this.#values = [];
      this.#take(values);
    }
    this.#isTaking = false;
    for (const task of this.#afterwards.splice(0)) task();
  }

  /** Forgets what has been gathered. */
  clear(): void {
    this.#values = [];
  }

  /** Does something when all that was gathered has been taken. */
  afterwards(task: () => void): void {
    this.#afterwards.push(task);
    this.flush();
  }
}
