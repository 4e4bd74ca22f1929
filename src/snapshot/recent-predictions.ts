import type { Update } from '../learn/learner.ts';
import type { Prediction } from './snapshot.ts';

/** How many features of a sample people are shown. */
const featuresMax = 64;

/** Keeps the newest updates, and shows them as predictions beside their truth. */
export class RecentPredictions<Value extends Update = Update> {
  readonly #ring: (Value | undefined)[];
  readonly #shown: number;
  #taken = 0;
  /** The place of the next one: taken modulo the length, without a division for each sample. */
  #next = 0;

  /** Keeps at least `kept` of them, and shows `size`. */
  constructor(size: number, kept: number) {
    this.#ring = new Array<Value | undefined>(Math.max(size, kept)).fill(undefined);
    this.#shown = size;
  }

  /** One write a sample: what is kept is turned into something to show when it is asked for. */
  add(update: Value): void {
    this.#ring[this.#next] = update;
    this.#next = this.#next + 1 === this.#ring.length ? 0 : this.#next + 1;
    this.#taken += 1;
  }

  /** Copies, newest last. `classes` are the names of the outputs, where they are classes. */
  list(classes: readonly string[] | undefined): Prediction[] {
    return this.newest(this.#shown).map((update) => shown(update, classes));
  }

  /** The newest of those that are kept, at most so many, newest last. */
  newest(most: number): Value[] {
    const { length } = this.#ring;
    const count = Math.min(this.#taken, length, most);
    return Array.from({ length: count }, (_, i) => this.#ring[(this.#taken - count + i) % length]!);
  }
}

const shown = (
  { step, sample, prediction, cost }: Update,
  classes: readonly string[] | undefined,
): Prediction => {
  const { id, x, y } = sample;
  return {
    step,
    ...(id !== undefined && { id }),
    x: Array.from({ length: Math.min(x.length, featuresMax) }, (_, i) => x[i]!),
    ...(y !== undefined && { y: truth(y, classes) }),
    prediction: Array.from(prediction),
    cost,
  };
};

const truth = (y: ArrayLike<number>, classes: readonly string[] | undefined): number | string => {
  if (!classes) return y[0]!;
  const at = Array.prototype.indexOf.call(y, Math.max(...Array.from(y)));
  return classes[at] ?? String(at);
};
