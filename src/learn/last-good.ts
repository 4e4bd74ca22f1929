import { areFinite } from '../math/finite.ts';
import type { Learner, Memory, MemoryValue } from './learner.ts';

/** Keeps a copy of a learner's memory from when all of it was finite: that alone is gone back to. */
export class LastGood {
  readonly #learner: Learner;
  readonly #every: number | undefined;
  /** Undefined while the learner has never been finite. */
  #memory: Memory | undefined;
  #sinceCopy = 0;
  /** Inputs that were forgotten since the copy was made. */
  #forgotten = new Set<number>();
  /** After how many samples the next copy is made. */
  #interval = 1_000;

  /** Copies at once, and then after each `every` samples. Default: as {@link intervalFor} says. */
  constructor(learner: Learner, every?: number) {
    this.#learner = learner;
    this.#every = every;
    copies.set(learner, this);
    this.#copy();
  }

  /**
   * One more sample was learned with a finite cost. Returns false where the copy that is due shows a
   * number that is not finite, anywhere in the memory: the cost alone does not tell, since it is from
   * before the update and knows nothing of an optimizer.
   */
  count(): boolean {
    this.#sinceCopy += 1;
    return this.#sinceCopy < this.#interval || this.#copy();
  }

  /** Inputs were forgotten: they stand for something else than in the copy. */
  forget(inputs: readonly number[]): void {
    for (const input of inputs) this.#forgotten.add(input);
  }

  /** Whether there is a copy: the learner has been finite. */
  get exists(): boolean {
    return this.#memory !== undefined;
  }

  /** Goes back to the copy. Returns how many samples' learning is undone. */
  restore(): number {
    const undone = this.#memory ? this.#sinceCopy : 0;
    if (this.#memory) this.#learner.load(this.#memory);
    const known = [...this.#forgotten].filter((input) => input < this.#learner.inputCount);
    if (this.#memory && known.length > 0) this.#learner.forget?.(known);
    this.#sinceCopy = 0;
    return undone;
  }

  /** Returns false where the memory is not finite, and there is a copy that is. */
  #copy(): boolean {
    const memory = this.#learner.save();
    if (isFiniteMemory(memory)) {
      this.#memory = memory;
      this.#forgotten.clear();
      this.#interval = this.#every ?? intervalFor(memory);
    } else if (this.#memory) {
      return false;
    }
    this.#sinceCopy = 0;
    return true;
  }
}

const copies = new WeakMap<Learner, LastGood>();

/**
 * Puts a learner back to its last finite state. Returns how many samples' learning is undone; undefined
 * where no copy of it is kept, since it has not been trained in this process.
 */
export const rollBack = (learner: Learner): number | undefined => {
  const copy = copies.get(learner);
  return copy?.exists ? copy.restore() : undefined;
};

/** So many numbers may be copied for each sample: some 1 % of the time that learning it takes. */
const numbersPerSample = 16;

/** 1,000 samples, or more where a copy of so large a memory would be felt. */
const intervalFor = (memory: Memory): number =>
  Math.max(1_000, Math.ceil(numberCount(memory) / numbersPerSample));

const numberCount = (value: MemoryValue): number => {
  if (value === null || typeof value !== 'object') return 1;
  if (ArrayBuffer.isView(value)) return (value as Float64Array).length;
  return Object.values(value).reduce<number>((sum, part) => sum + numberCount(part), 0);
};

/** Whether a memory holds no number that is NaN or infinite. */
export const isFiniteMemory = (value: MemoryValue): boolean => {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return true;
  if (value instanceof Float32Array || value instanceof Float64Array) return areFinite(value);
  if (ArrayBuffer.isView(value)) return true;
  return Object.values(value).every(isFiniteMemory);
};
