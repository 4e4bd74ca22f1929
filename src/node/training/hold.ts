import { Observable, type OperatorFunction, Subscriber } from 'rxjs';
import { guarded } from '../../stream/linked.ts';

/** How long {@link hold} holds values. */
export interface HoldOptions<Value> {
  /** Asked at each value. */
  readonly isEnough: (held: readonly Value[]) => boolean;
  /** Asked so often, in ms, from the first value on. */
  readonly everyMs: number;
  readonly isEnoughByNow: (held: readonly Value[]) => boolean;
  /** Called before the last of them goes. */
  readonly ending: () => void;
}

/** Holds the first values until they are enough, or all, and then lets them go at once. */
export const hold =
  <Value>(options: HoldOptions<Value>): OperatorFunction<Value, Value> =>
  (source) =>
    new Observable((subscriber) => {
      const held = new Held(subscriber, options);
      const link = new Subscriber<Value>({
        next: guarded((value) => held.next(value), subscriber),
        error(error: unknown) {
          held.release();
          subscriber.error(error);
        },
        complete() {
          held.release();
          subscriber.complete();
        },
      });
      subscriber.add(link);
      subscriber.add(() => held.stop());
      source.subscribe(link);
    });

/** One subscriber's first values. */
class Held<Value> {
  readonly #subscriber: Subscriber<Value>;
  readonly #options: HoldOptions<Value>;
  #values: Value[] | undefined = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(subscriber: Subscriber<Value>, options: HoldOptions<Value>) {
    this.#subscriber = subscriber;
    this.#options = options;
  }

  next(value: Value): void {
    if (this.#values === undefined) {
      this.#subscriber.next(value);
      return;
    }
    const { isEnough, everyMs } = this.#options;
    this.#values.push(value);
    this.#timer ??= setInterval(
      guarded(() => this.#look(), this.#subscriber),
      everyMs,
    );
    if (isEnough(this.#values)) this.release();
  }

  release(): void {
    this.stop();
    const values = this.#values ?? [];
    this.#values = undefined;
    const last = values.length - 1;
    for (const [i, value] of values.entries()) {
      if (i === last) this.#options.ending();
      this.#subscriber.next(value);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (this.#values && this.#options.isEnoughByNow(this.#values)) this.release();
  }
}
