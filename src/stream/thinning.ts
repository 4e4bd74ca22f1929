import { wholePower } from '../math/power.ts';
import { initialRandom, type RandomMemory, randomShare } from '../math/random.ts';

/**
 * Keeps a fair sample of values of which nobody knows how many will come: each time that they become
 * too many, half of them are left out, and from then on only half as many of the next are taken in. So
 * all of them had the same chance, wherever in a burst they stood, and their order is kept.
 * P. Gibbons and Y. Matias, "New Sampling-Based Summary Statistics for Improving Approximate Query
 * Answers", SIGMOD 1998 (concise samples). Of two values at least one is left out.
 */
export class Thinning {
  readonly #random: RandomMemory;
  /** How often there were too many: one of 2^this is taken in. */
  #halvings = 0;

  constructor(seed: number) {
    this.#random = initialRandom(seed);
  }

  /** Whether the next is taken in. */
  admits(): boolean {
    return this.#halvings === 0 || randomShare(this.#random) < wholePower(0.5, this.#halvings);
  }

  /** Half of them: one of each two that follow each other. */
  thin<T>(values: readonly T[]): T[] {
    this.#halvings += 1;
    const kept: T[] = [];
    for (let i = 0; i < values.length; i += 2) {
      const chosen = i + (randomShare(this.#random) < 0.5 ? 0 : 1);
      if (chosen < values.length) kept.push(values[chosen]!);
    }
    return kept;
  }

  /** Takes twice as many in when a quarter of the room is in use, and all when none. Returns whether it takes all. */
  relax(count: number, room: number): boolean {
    if (count === 0) this.#halvings = 0;
    else if (count === Math.floor(room / 4)) this.#halvings = Math.max(0, this.#halvings - 1);
    return this.#halvings === 0;
  }
}
