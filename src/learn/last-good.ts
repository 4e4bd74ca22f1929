import { areFinite } from '../math/finite.ts';
import type { Learner, Memory, MemoryValue } from './learner.ts';

/** Keeps a copy of a learner's memory from when all of it was finite. */
export class LastGood {
  readonly #learner: Learner;
  readonly #every: number | undefined;
  #memory: Memory;
  #sinceCopy = 0;
  /** Inputs that were forgotten since the copy was made. */
  #forgotten = new Set<number>();
  /** After how many samples the next copy is made. */
  #patience: number;

  /** Copies at once, and then after each `every` samples. Default: as {@link patienceWith} says. */
  constructor(learner: Learner, every?: number) {
    this.#learner = learner;
    this.#every = every;
    this.#memory = learner.save();
    copies.set(learner, this);
    this.#patience = every ?? patienceWith(this.#memory);
  }

  /** One more sample was learned with a finite cost. */
  count(): void {
    this.#sinceCopy += 1;
    if (this.#sinceCopy < this.#patience) return;
    // The cost was finite before the update; the update itself may have spoilt the weights.
    const memory = this.#learner.save();
    if (!isFiniteMemory(memory)) return;
    this.#memory = memory;
    this.#sinceCopy = 0;
    this.#forgotten.clear();
    this.#patience = this.#every ?? patienceWith(memory);
  }

  /** Inputs were forgotten: they stand for something else than in the copy. */
  forget(inputs: readonly number[]): void {
    for (const input of inputs) this.#forgotten.add(input);
  }

  /** Puts the copy back. Returns how many samples' learning is undone. */
  restore(): number {
    const undone = this.#sinceCopy;
    this.#learner.load(this.#memory);
    const known = [...this.#forgotten].filter((input) => input < this.#learner.inputCount);
    if (known.length > 0) this.#learner.forget?.(known);
    this.#sinceCopy = 0;
    return undone;
  }
}

const copies = new WeakMap<Learner, LastGood>();

/**
 * Puts a learner back to its last finite state. Returns how many samples' learning is undone; undefined
 * where no copy of it is kept, since it has not been trained in this process.
 */
export const rollBack = (learner: Learner): number | undefined => copies.get(learner)?.restore();

/** So many numbers may be copied for each sample: some 1 % of the time that learning it takes. */
const numbersPerSample = 16;

/** 1,000 samples, or more where a copy of so large a memory would be felt. */
const patienceWith = (memory: Memory): number =>
  Math.max(1_000, Math.ceil(numberCount(memory) / numbersPerSample));

const numberCount = (value: MemoryValue): number => {
  if (value === null || typeof value !== 'object') return 1;
  if (ArrayBuffer.isView(value)) return (value as Float64Array).length;
  return Object.values(value).reduce<number>((sum, part) => sum + numberCount(part), 0);
};

const isFiniteMemory = (value: MemoryValue): boolean => {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return true;
  if (value instanceof Float32Array || value instanceof Float64Array) return areFinite(value);
  if (ArrayBuffer.isView(value)) return true;
  return Object.values(value).every(isFiniteMemory);
};
