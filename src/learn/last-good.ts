import { areFinite } from '../math/finite.ts';
import type { Learner, Memory, MemoryValue } from './learner.ts';

/** Keeps a copy of a learner's memory from when all of it was finite. */
export class LastGood {
  readonly #learner: Learner;
  readonly #every: number;
  #memory: Memory;
  #sinceCopy = 0;

  /** Copies at once, and then after each `every` samples. */
  constructor(learner: Learner, every: number) {
    this.#learner = learner;
    this.#every = every;
    this.#memory = learner.save();
  }

  /** One more sample was learned with a finite cost. */
  count(): void {
    this.#sinceCopy += 1;
    if (this.#sinceCopy < this.#every) return;
    // The cost was finite before the update; the update itself may have spoilt the weights.
    const memory = this.#learner.save();
    if (!isFiniteMemory(memory)) return;
    this.#memory = memory;
    this.#sinceCopy = 0;
  }

  /** Puts the copy back. Returns how many samples' learning is undone. */
  restore(): number {
    const undone = this.#sinceCopy;
    this.#learner.load(this.#memory);
    this.#sinceCopy = 0;
    return undone;
  }
}

const isFiniteMemory = (value: MemoryValue): boolean => {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return true;
  if (value instanceof Float32Array || value instanceof Float64Array) return areFinite(value);
  if (ArrayBuffer.isView(value)) return true;
  return Object.values(value).every(isFiniteMemory);
};
