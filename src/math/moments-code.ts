import { OUTLIER_AFTER, OUTLIER_DEVIATIONS } from './running.ts';
import { F32x4 } from './wasm/f32x4.ts';
import { F64x2 } from './wasm/f64x2.ts';
import type { FunctionBuilder } from './wasm/function-builder.ts';
import type { ModuleBuilder } from './wasm/module-builder.ts';
import { type F64, I32 } from './wasm/scalars.ts';

/** The arrays of moments in a memory, in order, each `stride` bytes after the one before. */
export const momentArrays = ['x', 'counts', 'means', 'variances'] as const;

/**
 * What works on such arrays. `bytes` is the length in use, a multiple of 32; the z-scores go to the
 * address `to`. Both return not 0 where some x is infinite.
 */
export interface MomentFunctions {
  /** z from x, with the moments as they are. */
  look(arrays: number, bytes: number, to: number, clip: number): number;
  /** The same, and then takes x into the moments; where some x is infinite, it does neither. */
  take(arrays: number, bytes: number, to: number, clip: number, floor: number): number;
}

/** What the code depends on. */
export interface MomentsShape {
  readonly stride: number;
  /**
   * How z-scores are computed and written. As 32-bit floats they take half the time; a value beyond
   * 1e18 is then taken for that much, since its square would be infinite.
   */
  readonly format: 'doubles' | 'floats';
}

/** A deviation this small is none: the slot is constant, up to rounding. */
const deviationMin = 1e-9;
/** Beyond it a square would overflow, and the slot be lost for ever. */
const magnitudeMax = { doubles: 1e150, floats: 1e18 } as const;

/** Code that does to four slots at once what `math/running.ts` does to one. */
export const buildMoments = (module: ModuleBuilder, shape: MomentsShape): void => {
  const takes = ['i32', 'i32', 'i32', 'f64'] as const;
  module.export('look', { takes, gives: 'i32' }, (f, [arrays, bytes, to, clip]) => {
    const score = scoring[shape.format](f, clip);
    forEachFour(f, { arrays, bytes, to, shape }, score);
    f.return(found(f, arrays, bytes).infinite);
  });
  module.export(
    'take',
    { takes: [...takes, 'f64'], gives: 'i32' },
    (f, [arrays, bytes, to, clip, floor]) => {
      const score = scoring[shape.format](f, clip);
      const { infinite, notFinite } = found(f, arrays, bytes);
      f.if(infinite, () => f.return(I32.of(1)));
      const takeAll = (isComplete: boolean): void => {
        const move = moving(f, floor, isComplete);
        forEachFour(f, { arrays, bytes, to, shape }, (pairs, out) => {
          score(pairs, out);
          pairs.forEach(move);
        });
      };
      f.if(
        notFinite,
        () => takeAll(false),
        () => takeAll(true),
      );
      f.return(I32.of(0));
    },
  );
};

/** Two slots. */
interface Pair {
  /** x, no larger than can be squared; NaN where it is missing. */
  readonly value: F64x2;
  readonly means: F64x2;
  readonly variances: F64x2;
  /** What lies in the array of counts. */
  readonly counts: F64x2;
  /** Writes to an array. */
  readonly store: (array: (typeof momentArrays)[number], values: F64x2) => void;
}

type Score = (pairs: readonly Pair[], out: I32) => void;

/** Ways to write the z-scores of two pairs. */
const scoring: Readonly<Record<MomentsShape['format'], (f: FunctionBuilder, clip: F64) => Score>> =
  {
    doubles(f, clip) {
      const most = f.keep(F64x2.splat(clip));
      const least = f.keep(F64x2.splat(0).sub(most));
      return (pairs, out) => {
        for (const [p, { value, means, variances }] of pairs.entries()) {
          const deviation = f.keep(variances.sqrt());
          const z = f.keep(value.sub(means).div(deviation));
          const isKnown = F64x2.splat(deviationMin).isAtMost(deviation).and(z.equals(z));
          f.store(out, 16 * p, z.max(least).min(most).and(isKnown));
        }
      };
    },
    floats(f, clip) {
      const most = f.keep(F32x4.splat(clip.toF32()));
      const least = f.keep(most.neg());
      const four = ([a, b]: readonly F64x2[]): F32x4 =>
        F32x4.shuffle(a!.toF32x4(), b!.toF32x4(), [0, 1, 4, 5]);
      return (pairs, out) => {
        const deviation = f.keep(four(pairs.map(({ variances }) => variances)).sqrt());
        const distance = four(pairs.map(({ value, means }) => value.sub(means)));
        const z = f.keep(distance.div(deviation));
        const isKnown = F32x4.splat(deviationMin).isLess(deviation).and(z.isEqual(z));
        f.store(out, 0, z.max(least).min(most).and(isKnown));
      };
    },
  };

/** Takes two values into the moments; where all are there, without asking which. */
const moving = (f: FunctionBuilder, floor: F64, isComplete: boolean): ((pair: Pair) => void) => {
  const least = f.keep(F64x2.splat(floor));
  // Nearly all slots have the same count: a division for each would cost a quarter of an update.
  const knownCounts = f.keep(F64x2.splat(0));
  const rate = f.keep(F64x2.splat(0));
  const share = f.keep(F64x2.splat(0));
  return ({ value, counts: oldCounts, means, variances, store }) => {
    const counts = f.keep(oldCounts.add(1));
    f.if(counts.sub(knownCounts).isAny(), () => {
      f.set(knownCounts, counts);
      f.set(rate, F64x2.splat(1).div(counts).max(least));
      f.set(share, F64x2.splat(1).sub(rate));
    });
    const deviation = f.keep(value.sub(means));
    limitOutliers(f, { deviation, variances, counts });
    const step = f.keep(rate.mul(deviation));
    const moved = {
      counts,
      means: means.add(step),
      variances: share.mul(variances.add(step.mul(deviation))),
    };
    const before = { counts: oldCounts, means, variances };
    const isThere = isComplete ? undefined : f.keep(value.equals(value));
    for (const array of ['counts', 'means', 'variances'] as const) {
      const values = moved[array];
      store(array, isThere ? F64x2.select(isThere, values, before[array]) : values);
    }
  };
};

interface Deviations {
  /** A kept value: it is set where it is too large. */
  readonly deviation: F64x2;
  readonly variances: F64x2;
  readonly counts: F64x2;
}

/** A branch, since a square root for each pair would cost as much as all the rest of an update. */
const limitOutliers = (f: FunctionBuilder, { deviation, variances, counts }: Deviations): void => {
  const limit = f.keep(variances.mul(OUTLIER_DEVIATIONS * OUTLIER_DEVIATIONS));
  const isFar = f.keep(limit.isLess(deviation.mul(deviation)));
  f.if(isFar.isAny(), () => {
    const isKnown = F64x2.splat(OUTLIER_AFTER)
      .isLess(counts)
      .and(F64x2.splat(deviationMin * deviationMin).isAtMost(variances));
    const most = f.keep(limit.sqrt());
    const taken = F64x2.select(deviation.isLess(0), F64x2.splat(0).sub(most), most);
    f.set(deviation, F64x2.select(isFar.and(isKnown), taken, deviation));
  });
};

/** Whether some x is infinite, and whether some x is infinite or missing. */
const found = (
  f: FunctionBuilder,
  x: I32,
  bytes: I32,
): { readonly infinite: I32; readonly notFinite: I32 } => {
  const infinite = f.keep(F64x2.splat(0));
  const notFinite = f.keep(F64x2.splat(0));
  f.loop({ from: x, to: x.add(bytes), step: 16 }, (at) => {
    const value = f.keep(F64x2.load(at));
    f.set(infinite, infinite.or(value.abs().equals(Number.POSITIVE_INFINITY)));
    f.set(notFinite, notFinite.or(value.sub(value)));
  });
  return { infinite: infinite.isAny(), notFinite: notFinite.isAny() };
};

interface Run {
  readonly arrays: I32;
  readonly bytes: I32;
  readonly to: I32;
  readonly shape: MomentsShape;
}

/** Visits four slots at a time, with the place of their scores. */
const forEachFour = (
  f: FunctionBuilder,
  { arrays, bytes, to, shape: { stride, format } }: Run,
  visit: Score,
): void => {
  const out = f.keep(to);
  const most = magnitudeMax[format];
  f.loop({ from: arrays, to: arrays.add(bytes), step: 32 }, (at) => {
    const pairs = [0, 16].map((offset): Pair => {
      const offsetOf = (array: (typeof momentArrays)[number]): number =>
        offset + stride * momentArrays.indexOf(array);
      const load = (array: (typeof momentArrays)[number]): F64x2 => F64x2.load(at, offsetOf(array));
      return {
        value: f.keep(load('x').max(-most).min(most)),
        means: f.keep(load('means')),
        variances: f.keep(load('variances')),
        counts: load('counts'),
        store: (array, values) => f.store(at, offsetOf(array), values),
      };
    });
    visit(pairs, out);
    f.set(out, out.add(format === 'doubles' ? 32 : 16));
  });
};
