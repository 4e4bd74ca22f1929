import type { Governor } from '../../../stream/governor.ts';

/** What is read from, or not. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * Values on their way from a socket, which is not read while its governor is paused. What had been read
 * by then waits here: no more than the system gives at once, and one message.
 */
export class Inflow<Value> {
  readonly #governor: Governor;
  readonly #take: (value: Value) => void;
  readonly #unwatch: () => void;
  #socket: Pausable | undefined;
  #isPaused = false;
  #values: Value[] = [];

  constructor(governor: Governor, take: (value: Value) => void) {
    this.#governor = governor;
    this.#take = take;
    this.#unwatch = governor.watch(() => this.#goOn());
  }

  /** From now on they come from this one. */
  connect(socket: Pausable): void {
    this.#socket = socket;
    this.#isPaused = false;
    this.#steer();
  }

  add(values: readonly Value[]): void {
    this.#values = this.#values.concat(values);
    this.#goOn();
  }

  /** Forgets what waits. */
  stop(): void {
    this.#unwatch();
    this.#values = [];
  }

  #goOn(): void {
    const values = this.#values;
    let taken = 0;
    // Whoever takes may pause it, and does not let go of it here: none comes twice.
    for (; taken < values.length && !this.#governor.isPaused; taken += 1)
      this.#take(values[taken]!);
    if (taken > 0) this.#values = values.slice(taken);
    this.#steer();
  }

  #steer(): void {
    const { isPaused } = this.#governor;
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#socket?.pause();
    else this.#socket?.resume();
  }
}
