import { byteLengthOf, capacityOf, MomentArrays } from './moment-arrays.ts';
import { type Moments, moments } from './running.ts';
import { doubles } from './score-formats.ts';
import { allocate, type Block } from './wasm/arena.ts';

/**
 * Running mean and variance in WebAssembly, in a block of their own that grows with the slots: what
 * `math/running.ts` does in a fraction of the time.
 */
export class MomentsKernel {
  #block: Block | undefined;
  #arrays!: MomentArrays;
  /** Where the scores are left, and where they are read from. */
  #to!: number;
  #scores!: Float64Array;

  constructor(from: Moments) {
    this.write(from);
  }

  /** How many slots there are. */
  get size(): number {
    return this.#arrays.size;
  }

  /** Where {@link score} and {@link learn} leave the z-scores. A view: after it has grown, another. */
  scores(): Float64Array {
    return this.#scores.subarray(0, this.size);
  }

  /** A copy of what it remembers. */
  read(): Moments {
    return this.#arrays.read();
  }

  /** Replaces what it remembers. */
  write(from: Moments): void {
    this.#makeRoom(from.means.length);
    this.#arrays.write(from);
  }

  /** Adds fresh slots at the end, up to `size`. */
  grow(size: number): void {
    if (size <= this.size) return;
    const old = this.read();
    if (this.#makeRoom(size)) this.#arrays.write(old);
    this.#arrays.size = size;
  }

  /** Resets slots. Ignores a number that is not a slot. */
  forget(slots: readonly number[]): void {
    this.#arrays.forget(slots);
  }

  /**
   * The z-scores of x, at most `clip` from 0; undefined where some x is infinite. Missing and
   * constant slots are 0, as are those that x has more. Changes nothing.
   */
  look(x: ArrayLike<number>, clip: number): number[] | undefined {
    return this.score(x, clip) ? this.#taken(x.length) : undefined;
  }

  /** The same, and then takes x into the moments; where some x is infinite it does neither. */
  take(x: ArrayLike<number>, options: { clip: number; floor: number }): number[] | undefined {
    return this.learn(x, options) ? this.#taken(x.length) : undefined;
  }

  /** As `look`, without a copy. Returns false where some x is infinite. */
  score(x: ArrayLike<number>, clip: number): boolean {
    return this.#arrays.look(x, { to: this.#to, clip });
  }

  /** As `take`, without a copy. Returns false where some x is infinite. */
  learn(x: ArrayLike<number>, { clip, floor }: { clip: number; floor: number }): boolean {
    return this.#arrays.take(x, { to: this.#to, clip, floor });
  }

  /** A copy of the scores, with zeros for what x has more than there are slots. */
  #taken(length: number): number[] {
    const out = new Array<number>(length);
    const known = Math.min(length, this.size);
    copyOut(out, this.#scores, known);
    for (let i = known; i < length; i++) out[i] = 0;
    return out;
  }

  /** Returns whether there are new arrays, which remember nothing. */
  #makeRoom(size: number): boolean {
    const capacity = this.#block ? this.#arrays.capacity : 0;
    if (this.#block && size <= capacity) return false;
    this.#block?.free();
    const grown = capacityOf(Math.max(size, 2 * capacity));
    const block = allocate(byteLengthOf(grown) + 8 * grown, this);
    this.#block = block;
    this.#arrays = new MomentArrays(block, {
      address: block.address,
      capacity: grown,
      format: doubles,
    });
    this.#to = block.address + byteLengthOf(grown);
    this.#scores = new Float64Array(block.buffer, this.#to, grown);
    return true;
  }
}

/** Four at a time, since each step of a plain loop looks whether it is the last. */
const copyOut = (to: number[], from: Float64Array, count: number): void => {
  let i = 0;
  for (; i + 3 < count; i += 4) {
    to[i] = from[i]!;
    to[i + 1] = from[i + 1]!;
    to[i + 2] = from[i + 2]!;
    to[i + 3] = from[i + 3]!;
  }
  for (; i < count; i++) to[i] = from[i]!;
};

const kernels = new WeakMap<Moments, MomentsKernel>();

/**
 * The kernel that keeps some moments from now on. The object stays plain to everyone else: reading
 * an array of it gives a copy of what the kernel holds, and setting one is seen by the kernel.
 */
export const kernelOf = (memory: Moments): MomentsKernel => {
  const known = kernels.get(memory);
  if (known) return known;
  const kernel = new MomentsKernel(memory);
  for (const name of ['counts', 'means', 'variances'] as const) {
    Object.defineProperty(memory, name, {
      enumerable: true,
      configurable: true,
      get: () => kernel.read()[name],
      set: (values: Float64Array) => {
        kernel.write({ ...sized(kernel.read(), values.length), [name]: values });
      },
    });
  }
  kernels.set(memory, kernel);
  return kernel;
};

/** Moments of another size: slots are added or left out at the end. */
const sized = (from: Moments, size: number): Moments => {
  const to = moments(size);
  for (const name of ['counts', 'means', 'variances'] as const)
    to[name].set(from[name].subarray(0, size));
  return to;
};
