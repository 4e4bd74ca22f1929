import { buildMoments, type MomentFunctions, momentArrays } from './moments-code.ts';
import { type Moments, moments } from './running.ts';
import { allocate, type Block } from './wasm/arena.ts';
import { program } from './wasm/program.ts';

const forgotten = new FinalizationRegistry<Block>((block) => block.free());

/**
 * Running mean and variance in WebAssembly, two slots at a time: bit for bit what `math/running.ts`
 * does, in a fraction of the time.
 */
export class MomentsKernel {
  #size = 0;
  #capacity = 0;
  #block!: Block;
  #functions!: MomentFunctions;
  #views!: Readonly<Record<(typeof momentArrays)[number], Float64Array>>;

  constructor(from: Moments) {
    this.#makeRoom(from.means.length);
    this.write(from);
  }

  /** How many slots there are. */
  get size(): number {
    return this.#size;
  }

  /** A copy of what it remembers. */
  read(): Moments {
    const copy = (array: Float64Array): Float64Array => array.slice(0, this.#size);
    const { counts, means, variances } = this.#views;
    return { counts: copy(counts), means: copy(means), variances: copy(variances) };
  }

  /** Replaces what it remembers. */
  write({ counts, means, variances }: Moments): void {
    this.#makeRoom(means.length);
    this.#size = means.length;
    for (const [name, values] of Object.entries({ counts, means, variances })) {
      const view = this.#views[name as 'counts'];
      view.fill(0);
      view.set(values);
    }
  }

  /** Adds fresh slots at the end, up to `size`. */
  grow(size: number): void {
    if (size <= this.#size) return;
    this.#makeRoom(size);
    this.#size = size;
  }

  /**
   * The z-scores of x, at most `clip` from 0; undefined where some x is infinite. Missing and
   * constant slots are 0, as are extra ones. An update may follow.
   */
  standardised(x: ArrayLike<number>, clip: number): number[] | undefined {
    this.put(x);
    const stride = 8 * this.#capacity;
    const { address } = this.#block;
    if (this.#functions.standardise(address, stride, this.#bytes, clip) !== 0) return undefined;
    const known = Math.min(x.length, this.#size);
    const out = new Array<number>(x.length);
    takeOut(out, this.#views.z, known);
    for (let i = known; i < out.length; i++) out[i] = 0;
    return out;
  }

  /** Takes the x that the next update is about; what is more than the slots there are is left out. */
  put(x: ArrayLike<number>): void {
    const count = Math.min(x.length, this.#size);
    if (x instanceof Float64Array) putDoubles(this.#views.x, x, count);
    else putNumbers(this.#views.x, x, count);
    // What is missing leaves its slot alone; so must the slot that only fills up the last pair.
    const end = this.#bytes / 8;
    for (let i = count; i < end; i++) this.#views.x[i] = Number.NaN;
  }

  /** Takes x into the moments. */
  update(floor: number): void {
    this.#functions.update(this.#block.address, 8 * this.#capacity, this.#bytes, floor);
  }

  /** The length in use, in whole pairs: at least one, whose slot may be unused. */
  get #bytes(): number {
    return 16 * Math.max(1, Math.ceil(this.#size / 2));
  }

  #makeRoom(size: number): void {
    if (this.#block && size <= this.#capacity) return;
    const old = this.#block ? this.read() : moments(0);
    if (this.#block) {
      forgotten.unregister(this);
      this.#block.free();
    }
    // Arrays of whole pairs, and of an odd count of cache lines so that they share no cache set.
    this.#capacity = 8 * (Math.ceil(Math.max(size, 2 * this.#capacity, 1) / 8) | 1);
    this.#block = allocate(momentArrays.length * 8 * this.#capacity);
    forgotten.register(this, this.#block, this);
    this.#functions = program<MomentFunctions>(this.#block, 'moments', buildMoments);
    const { buffer, address } = this.#block;
    const views = momentArrays.map((name, index) => [
      name,
      new Float64Array(buffer, address + 8 * this.#capacity * index, this.#capacity),
    ]);
    this.#views = Object.fromEntries(views);
    this.#size = 0;
    this.write(old);
  }
}

// Three copies of one loop: one that has seen several kinds of arrays is compiled for none of them.
// Four at a time, since each step of a plain loop looks whether it is the last.

const takeOut = (to: number[], from: Float64Array, count: number): void => {
  let i = 0;
  for (; i + 3 < count; i += 4) {
    to[i] = from[i]!;
    to[i + 1] = from[i + 1]!;
    to[i + 2] = from[i + 2]!;
    to[i + 3] = from[i + 3]!;
  }
  for (; i < count; i++) to[i] = from[i]!;
};

/** Below this the call into the runtime costs more than it saves. */
const setCountMin = 24;

const putDoubles = (to: Float64Array, from: Float64Array, count: number): void => {
  if (count >= setCountMin && count === from.length) to.set(from);
  else for (let i = 0; i < count; i++) to[i] = from[i]!;
};

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
