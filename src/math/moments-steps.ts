import { forEachFour, type Pair, type Run } from './moments-pairs.ts';
import { DEVIATION_MIN, OUTLIER_AFTER, OUTLIER_SQUARE } from './running.ts';
import { F64x2 } from './wasm/f64x2.ts';
import type { FunctionBuilder } from './wasm/function-builder.ts';
import type { F64 } from './wasm/scalars.ts';

/** How far two values move their moments. */
export interface Pace {
  /**
   * The rate, 1 − rate, and how many values there are then. No counts: every x is there, and they
   * are kept elsewhere.
   */
  of(pair: Pair): { readonly rate: F64x2; readonly share: F64x2; readonly counts?: F64x2 };
  /** How many variances a squared deviation may be. */
  outlierSquare(pair: Pair): F64x2;
}

/** The same for all slots. */
export const commonPace = (f: FunctionBuilder, rate: F64, outlierSquare: F64): Pace => {
  const kept = f.keep(F64x2.splat(rate));
  const pace = { rate: kept, share: f.keep(F64x2.splat(1).sub(kept)) };
  return { of: () => pace, outlierSquare: () => F64x2.splat(outlierSquare) };
};

/** That of how many values each slot has had. */
export const ownPace = (f: FunctionBuilder, floor: F64): Pace => {
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
export const takeAll = (
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
