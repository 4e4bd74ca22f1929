import type { Update } from '../learn/learner.ts';
import type { Prediction } from './snapshot.ts';

/** How many features of a sample people are shown. */
const featuresMax = 64;

/** Keeps the newest updates, and shows them as predictions beside their truth. */
export class RecentPredictions {
  readonly #ring: (Update | undefined)[];
  #taken = 0;

  /** Keeps `size` of them. */
  constructor(size: number) {
    this.#ring = new Array<Update | undefined>(size).fill(undefined);
  }

  /** One write a sample: what is kept is turned into something to show when it is asked for. */
  add(update: Update): void {
    if (this.#ring.length === 0) return;
    this.#ring[this.#taken % this.#ring.length] = update;
    this.#taken += 1;
  }

  /** Copies, newest last. `classes` are the names of the outputs, where they are classes. */
  list(classes: readonly string[] | undefined): Prediction[] {
    const { length } = this.#ring;
    const count = Math.min(this.#taken, length);
    return Array.from({ length: count }, (_, i) =>
      shown(this.#ring[(this.#taken - count + i) % length]!, classes),
    );
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
