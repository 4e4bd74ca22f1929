import { buildMoments, type MomentFunctions } from './moments-code.ts';
import { type MomentsShape, momentArrays } from './moments-pairs.ts';
import { type Moments, OUTLIER_AFTER, OUTLIER_SQUARE } from './running.ts';
import type { Block } from './wasm/arena.ts';
import { program } from './wasm/program.ts';

/** How z-scores are made, and where they go. */
export interface Scoring {
  /** The largest distance from 0. */
  readonly clip: number;
  /** The address. The scores are written in whole fours. */
  readonly to: number;
}

/** How x is taken into the moments as well. */
interface Taking extends Scoring {
  /** The least rate: 0, or how fast the past fades. */
  readonly floor: number;
}

/** Where the arrays of moments lie, and how their scores are written. */
export interface Place {
  readonly address: number;
  readonly capacity: number;
  readonly format: MomentsShape['format'];
}

/** How many slots arrays have that are to hold so many: whole fours, and no two in one cache set. */
export const capacityOf = (slots: number): number => 8 * (Math.ceil(Math.max(slots, 1) / 8) | 1);

/** How many bytes such arrays take. */
export const byteLengthOf = (capacity: number): number => 8 * momentArrays.length * capacity;

/**
 * Running means and variances that lie in a WebAssembly memory, and an x that waits to be taken:
 * what `math/running.ts` does, in doubles bit for bit.
 */
export class MomentArrays {
  readonly capacity: number;
  readonly #address: number;
  readonly #functions: MomentFunctions;
  readonly #views: Readonly<Record<(typeof momentArrays)[number], Float64Array>>;
  #size = 0;
  /** The length in use, in whole fours: at least one. Slots that only fill it up see zeros alone. */
  #bytes = 32;
  /** The count of all slots, while they have the same: then the array of counts is not kept. */
  #commonCount: number | undefined = 0;

  /** Takes {@link byteLengthOf} bytes of the block from `address` on, all of them 0. */
  constructor(block: Block, { address, capacity, format }: Place) {
    this.capacity = capacity;
    this.#address = address;
    const shape = { stride: 8 * capacity, format };
    this.#functions = program<MomentFunctions>(
      block,
      `moments ${shape.stride} ${format.name}`,
      (module) => buildMoments(module, shape),
    );
    const views = momentArrays.map((name, index) => [
      name,
      new Float64Array(block.buffer, address + 8 * capacity * index, capacity),
    ]);
    this.#views = Object.fromEntries(views);
  }

  /** How many slots there are: at most the capacity. Slots that are added are fresh. */
  get size(): number {
    return this.#size;
  }

  set size(size: number) {
    this.#countApart();
    const { x, counts } = this.#views;
    x.fill(0);
    counts.fill(0, Math.min(size, this.#size));
    this.#size = size;
    this.#bytes = 32 * Math.max(1, Math.ceil(size / 4));
    this.#countTogether();
  }

  /** A copy of what is remembered. */
  read(): Moments {
    const copy = (array: Float64Array): Float64Array => array.slice(0, this.#size);
    this.#countApart();
    const { counts, means, variances } = this.#views;
    this.#countTogether();
    return { counts: copy(counts), means: copy(means), variances: copy(variances) };
  }

  /** Replaces what is remembered; there are as many slots then as it has. */
  write({ counts, means, variances }: Moments): void {
    this.size = means.length;
    for (const [name, values] of Object.entries({ counts, means, variances })) {
      const view = this.#views[name as 'counts'];
      view.fill(0);
      view.set(values);
    }
    this.#countTogether();
  }

  /** Makes slots fresh. What is no slot is passed by. */
  forget(slots: readonly number[]): void {
    this.#countApart();
    const { counts, means, variances } = this.#views;
    for (const slot of slots) {
      if (slot >= this.#size) continue;
      counts[slot] = 0;
      means[slot] = 0;
      variances[slot] = 0;
    }
    this.#countTogether();
  }

  /** The z-scores of x by the moments as they are. Returns false where some x is infinite. */
  look(x: ArrayLike<number>, { to, clip }: Scoring): boolean {
    this.#put(x);
    return this.#functions.look(this.#address, this.#bytes, to, clip) === 0;
  }

  /** The same, and then takes x into the moments. Where some x is infinite it does neither. */
  take(x: ArrayLike<number>, options: Taking): boolean {
    this.#put(x);
    if (this.#commonCount === undefined) return this.#takeApart(options);
    if (this.#takeTogether(options, this.#commonCount + 1)) return true;
    this.#countApart();
    const isTaken = this.#takeApart(options);
    this.#countTogether();
    return isTaken;
  }

  #takeApart({ to, clip, floor }: Taking): boolean {
    return this.#functions.take(this.#address, this.#bytes, to, clip, floor) === 0;
  }

  /** Returns false, and has done nothing, where some x is not a usual number. */
  #takeTogether({ to, clip, floor }: Taking, count: number): boolean {
    const rate = Math.max(1 / count, floor);
    const square = count > OUTLIER_AFTER ? OUTLIER_SQUARE : Number.POSITIVE_INFINITY;
    const [arrays, bytes] = [this.#address, this.#bytes];
    const isOdd = this.#functions.takeTogether(arrays, bytes, to, clip, rate, square) !== 0;
    if (!isOdd) this.#commonCount = count;
    return !isOdd;
  }

  /** From now on the array of counts is right. */
  #countApart(): void {
    if (this.#commonCount !== undefined) this.#views.counts.fill(this.#commonCount, 0, this.#size);
    this.#commonCount = undefined;
  }

  /** Where all slots have the same count again, it is kept once. */
  #countTogether(): void {
    const first = this.#views.counts[0]!;
    const isCommon = this.#views.counts.subarray(0, this.#size).every((count) => count === first);
    this.#commonCount = isCommon ? first : undefined;
  }

  /** What x has more than there are slots is left out; what it has less is missing. */
  #put(x: ArrayLike<number>): void {
    const to = this.#views.x;
    const count = Math.min(x.length, this.#size);
    if (x instanceof Float64Array) putDoubles(to, x, count);
    else putNumbers(to, x, count);
    for (let i = count; i < this.#size; i++) to[i] = Number.NaN;
  }
}

// Two copies of one loop: one that has seen several kinds of arrays is compiled for none of them.

/** Below this the call into the runtime costs more than it saves. */
const setCountMin = 24;

const putDoubles = (to: Float64Array, from: Float64Array, count: number): void => {
  if (count >= setCountMin && count === from.length) to.set(from);
  else for (let i = 0; i < count; i++) to[i] = from[i]!;
};

/** Four at a time, since each step of a plain loop looks whether it is the last. */
const putNumbers = (to: Float64Array, from: ArrayLike<number>, count: number): void => {
  let i = 0;
  for (; i + 3 < count; i += 4) {
    to[i] = from[i]!;
    to[i + 1] = from[i + 1]!;
    to[i + 2] = from[i + 2]!;
    to[i + 3] = from[i + 3]!;
  }
  for (; i < count; i++) to[i] = from[i]!;
};
