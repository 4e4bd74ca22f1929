import type { Subscriber } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { Pacer } from '../../stream/pacer.ts';

/** Gives examples to a subscriber in turn, and serves the event loop among them. */
export class PacedEmission {
  readonly #subscriber: Subscriber<Example>;
  readonly #pacer = new Pacer();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(subscriber: Subscriber<Example>) {
    this.#subscriber = subscriber;
  }

  /** Says of how many places the examples were taken, until all were or nobody wanted more. */
  take(examples: Iterable<Example | undefined>): Promise<number> {
    const taken = this.#turn.then(() => this.#emit(examples));
    this.#turn = taken;
    return taken;
  }

  stop(): void {
    this.#pacer.stop();
  }

  async #emit(examples: Iterable<Example | undefined>): Promise<number> {
    let count = 0;
    for (const example of examples) {
      if (this.#pacer.isDue()) await this.#pacer.pass();
      if (this.#subscriber.closed) break;
      if (example !== undefined) this.#subscriber.next(example);
      count += 1;
    }
    return count;
  }
}
