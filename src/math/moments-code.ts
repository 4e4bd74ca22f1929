import { forEachFour, type MomentsShape, type Pair, type Run } from './moments-pairs.ts';
import { DEVIATION_MIN, OUTLIER_AFTER, OUTLIER_SQUARE } from './running.ts';
import { F64x2 } from './wasm/f64x2.ts';
import type { FunctionBuilder } from './wasm/function-builder.ts';
import type { ModuleBuilder } from './wasm/module-builder.ts';
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
export interface MomentFunctions {
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
export const buildMoments = (module: ModuleBuilder, shape: MomentsShape): void => {
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
