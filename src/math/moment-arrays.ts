import {
  forEachFour,
  type MomentsShape,
  momentArrays,
  type Pair,
  type Run,
} from './moments-pairs.ts';
import { DEVIATION_MIN, type Moments, OUTLIER_AFTER, OUTLIER_SQUARE } from './running.ts';
import type { Block } from './wasm/arena.ts';
import { F64x2 } from './wasm/f64x2.ts';
import type { FunctionBuilder } from './wasm/function-builder.ts';
import type { ModuleBuilder } from './wasm/module-builder.ts';
import { program } from './wasm/program.ts';
import { type F64, I32 } from './wasm/scalars.ts';

/** How far two values move their moments. */
interface Pace {
  /**
   * The rate, 1 − rate, and how many values there are then. No counts: every x is there, and they
   * are kept elsewhere.
   */
  of(pair: Pair): { readonly rate: F64x2; readonly share: F64x2; readonly counts?: F64x2 };
  /** How many variances a squared deviation may be. */
  outlierSquare(pair: Pair): F64x2;
}

/** The same for all slots. */
const commonPace = (f: FunctionBuilder, rate: F64, outlierSquare: F64): Pace => {
  const kept = f.keep(F64x2.splat(rate));
  const pace = { rate: kept, share: f.keep(F64x2.splat(1).sub(kept)) };
  return { of: () => pace, outlierSquare: () => F64x2.splat(outlierSquare) };
};

/** That of how many values each slot has had. */
const ownPace = (f: FunctionBuilder, floor: F64): Pace => {
  const least = f.keep(F64x2.splat(floor));
  // Nearly all slots have the same count: a division for each would cost a quarter of an update.
  const known = f.keep(F64x2.splat(0));
  const rate = f.keep(F64x2.splat(0));
  const share = f.keep(F64x2.splat(0));
  return {
    of(pair) {
      const counts = f.keep(pair.counts.add(1));
      f.if(counts.sub(known).isAny(), () => {
        f.set(known, counts);
        f.set(rate, F64x2.splat(1).div(counts).max(least));
        f.set(share, F64x2.splat(1).sub(rate));
      });
      return { counts, rate, share };
    },
    outlierSquare({ counts }) {
      const [square, any] = [OUTLIER_SQUARE, Number.POSITIVE_INFINITY].map((n) => F64x2.splat(n));
      return F64x2.select(F64x2.splat(OUTLIER_AFTER).isLess(counts.add(1)), square!, any!);
    },
  };
};

/** Scores all x, and takes them into the moments. */
const takeAll = (
  f: FunctionBuilder,
  run: Run,
  { clip, pace }: { readonly clip: F64; readonly pace: Pace },
): void => {
  const score = run.shape.format.score(f, clip);
  forEachFour(f, run, (pairs, out) => {
    // A branch, since a square root for each pair would cost as much as all the rest of an update.
    f.if(score(pairs, out), () => {
      for (const pair of pairs) limitOutliers(f, pair, pace.outlierSquare(pair));
    });
    for (const pair of pairs) move(f, pair, pace);
  });
};

const move = (f: FunctionBuilder, pair: Pair, pace: Pace): void => {
  const { value, deviation, means, variances, store } = pair;
  const { rate, share, counts } = pace.of(pair);
  const step = f.keep(rate.mul(deviation));
  const moved = {
    means: means.add(step),
    variances: share.mul(variances.add(step.mul(deviation))),
  };
  if (!counts) {
    store('means', moved.means);
    store('variances', moved.variances);
    return;
  }
  const isThere = f.keep(value.equals(value));
  store('counts', F64x2.select(isThere, counts, pair.counts));
  store('means', F64x2.select(isThere, moved.means, means));
  store('variances', F64x2.select(isThere, moved.variances, variances));
};

const limitOutliers = (
  f: FunctionBuilder,
  { deviation, variances }: Pair,
  outlierSquare: F64x2,
): void => {
  const limit = f.keep(variances.mul(outlierSquare));
  const isFar = limit.isLess(deviation.mul(deviation));
  const isKnown = F64x2.splat(DEVIATION_MIN * DEVIATION_MIN).isAtMost(variances);
  const most = f.keep(limit.sqrt());
  const taken = F64x2.select(deviation.isLess(0), F64x2.splat(0).sub(most), most);
  f.set(deviation, F64x2.select(isFar.and(isKnown), taken, deviation));
};

/**
 * What works on arrays of moments. `bytes` is the length in use, a multiple of 32; the z-scores go to the
 * address `to`.
 */
interface MomentFunctions {
  /** z from x, with the moments as they are. Returns not 0 where some x is infinite. */
  look(arrays: number, bytes: number, to: number, clip: number): number;
  /** The same, and then takes x into the moments; where some x is infinite, it does neither. */
  take(arrays: number, bytes: number, to: number, clip: number, floor: number): number;
  /**
   * As `take` where all slots have had as many values, so that one rate is that of all. The counts
   * are left alone. A deviation of more than √`outlierSquare` deviations is an outlier. Returns not
   * 0, and does nothing, where some x is missing, infinite or too large to be squared.
   */
  takeTogether(
    arrays: number,
    bytes: number,
    to: number,
    clip: number,
    rate: number,
    outlierSquare: number,
  ): number;
}

/** Code that does to four slots at once what `math/running.ts` does to one. */
const buildMoments = (module: ModuleBuilder, shape: MomentsShape): void => {
  const takes = ['i32', 'i32', 'i32', 'f64'] as const;
  const most = shape.format.magnitudeMax;
  module.export('look', { takes, gives: 'i32' }, (f, [arrays, bytes, to, clip]) => {
    const score = shape.format.score(f, clip);
    forEachFour(f, { arrays, bytes, to, shape, most }, score);
    f.return(isAnyInfinite(f, arrays, bytes));
  });
  module.export(
    'take',
    { takes: [...takes, 'f64'], gives: 'i32' },
    (f, [arrays, bytes, to, clip, floor]) => {
      f.if(isAnyInfinite(f, arrays, bytes), () => f.return(I32.of(1)));
      takeAll(f, { arrays, bytes, to, shape, most }, { clip, pace: ownPace(f, floor) });
      f.return(I32.of(0));
    },
  );
  module.export(
    'takeTogether',
    { takes: [...takes, 'f64', 'f64'], gives: 'i32' },
    (f, [arrays, bytes, to, clip, rate, outlierSquare]) => {
      f.if(areUsual(f, { x: arrays, bytes, most }).isZero(), () => f.return(I32.of(1)));
      const pace = commonPace(f, rate, outlierSquare);
      takeAll(f, { arrays, bytes, to, shape }, { clip, pace });
      f.return(I32.of(0));
    },
  );
};

const isAnyInfinite = (f: FunctionBuilder, x: I32, bytes: I32): I32 => {
  const infinite = f.keep(F64x2.splat(0));
  f.loop({ from: x, to: x.add(bytes), step: 16 }, (at) => {
    const isInfinite = F64x2.load(at).abs().equals(Number.POSITIVE_INFINITY);
    f.set(infinite, infinite.or(isInfinite));
  });
  return infinite.isAny();
};

/** Whether every x is a number of at most `most`. */
const areUsual = (
  f: FunctionBuilder,
  { x, bytes, most }: { x: I32; bytes: I32; most: number },
): I32 => {
  const limit = f.keep(F64x2.splat(most));
  const masks = [0, 16].map(() => f.keep(limit.equals(limit)));
  f.loop({ from: x, to: x.add(bytes), step: 32 }, (at) => {
    for (const [p, mask] of masks.entries()) {
      f.set(
        mask,
        mask.and(
          F64x2.load(at, 16 * p)
            .abs()
            .isAtMost(limit),
        ),
      );
    }
  });
  return masks[0]!.and(masks[1]!).areAll();
};

/** How z-scores are made, and where they go. */
export interface Scoring {
  /** The largest distance from 0. */
  readonly clip: number;
  /** The address. The scores are written in whole fours. */
  readonly to: number;
}

/** How x is added to the moments as well. */
interface Taking extends Scoring {
  /** The least rate: 0, or how fast the past fades. */
  readonly floor: number;
}

/** Where the arrays of moments lie, and how their scores are written. */
export interface MomentsPlace {
  readonly address: number;
  readonly capacity: number;
  readonly format: MomentsShape['format'];
}

/** The length of arrays for this many slots: a multiple of four, and no two arrays in one cache set. */
export const capacityOf = (slots: number): number => 8 * (Math.ceil(Math.max(slots, 1) / 8) | 1);

/** How many bytes such arrays take. */
export const byteLengthOf = (capacity: number): number => 8 * momentArrays.length * capacity;

/**
 * Running means and variances in a WebAssembly memory, and the x to be added next: what
 * `math/running.ts` does, in doubles bit for bit.
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
  constructor(block: Block, { address, capacity, format }: MomentsPlace) {
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

  /** Resets slots. Ignores a number that is not a slot. */
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
