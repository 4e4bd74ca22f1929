import { filter, type MonoTypeOperatorFunction } from 'rxjs';
import type { Governor } from '../../stream/governor.ts';

/** Where a source stands: counts what is taken from it, and passes by what was taken before a restart. */
export class SourcePlace {
  #taken: number;
  #before: number;
  readonly #governor: Governor | undefined;

  /**
   * The source gives again the first `before` of what it gave, which are to be passed by: at full
   * speed, whatever its rate.
   */
  constructor(before: number, governor?: Governor) {
    this.#taken = before;
    this.#before = before;
    this.#governor = governor;
    if (before > 0) governor?.limit(Number.POSITIVE_INFINITY);
  }

  /** How many have been taken, those before the restart included. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether what comes now has come before. */
  get isReplaying(): boolean {
    return this.#before > 0;
  }

  /** Lets through what is new. */
  advance<Value>(): MonoTypeOperatorFunction<Value> {
    return filter(() => {
      if (this.isReplaying) {
        this.#before -= 1;
        if (this.#before === 0) this.#governor?.limit(undefined);
        return false;
      }
      this.#taken += 1;
      return true;
    });
  }
}
