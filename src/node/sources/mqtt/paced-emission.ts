import type { Subscriber } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { emitPaced } from '../../../stream/emit-paced.ts';
import { Pacer, type PacerOptions } from '../../../stream/pacer.ts';

/** Gives examples to a subscriber in turn, and serves the event loop among them. */
export class PacedEmission {
  readonly #subscriber: Subscriber<Example>;
  readonly #pacer: Pacer;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(subscriber: Subscriber<Example>, options: PacerOptions) {
    this.#subscriber = subscriber;
    this.#pacer = new Pacer(options);
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
    const subscriber = this.#subscriber;
    return emitPaced([...examples], this.#pacer, {
      get closed() {
        return subscriber.closed;
      },
      next(example) {
        if (example !== undefined) subscriber.next(example);
      },
    });
  }
}
