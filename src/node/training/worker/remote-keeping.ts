import { crossed } from '../../threads/crossed-error.ts';
import type { ToWorker } from './messages.ts';

/** Asks another thread for checkpoints. */
export class RemoteKeeping {
  readonly #say: (id: number) => void;
  readonly #waiting = new Map<number, (error?: Error) => void>();
  #lastId = 0;
  #settled: (() => void) | undefined;

  /** `say` sends the question with that id. */
  constructor(say: (id: number) => void) {
    this.#say = say;
  }

  /** Done when a checkpoint contains all that has been learned. Rejects where it could not be written. */
  ask(): Promise<void> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (error) => (error ? reject(error) : resolve()));
      this.#say(id);
    });
  }

  /** Takes an answer. */
  answer({ id, error }: Extract<ToWorker, { kind: 'kept' }>): void {
    this.#waiting.get(id)?.(error && crossed(error));
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#settled?.();
  }

  /** Done when every question has been answered. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.size === 0) resolve();
      else this.#settled = resolve;
    });
  }
}
