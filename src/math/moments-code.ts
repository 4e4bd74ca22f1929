import { OUTLIER_AFTER, OUTLIER_DEVIATIONS } from './running.ts';
import { F64x2 } from './wasm/f64x2.ts';
import type { FunctionBuilder } from './wasm/function-builder.ts';
import type { ModuleBuilder } from './wasm/module-builder.ts';
import type { I32 } from './wasm/scalars.ts';

/** The arrays of a block of moments, in order, each `stride` bytes long. */
export const momentArrays = ['x', 'z', 'counts', 'means', 'variances'] as const;

/** What works on such a block. `bytes` is the length in use, a multiple of 16. */
export interface MomentFunctions {
  /** z from x, with the moments as they are. Returns not 0 where some x is infinite. */
  standardise(block: number, stride: number, bytes: number, clip: number): number;
  /** Takes x into the moments. */
  update(block: number, stride: number, bytes: number, floor: number): void;
}

type Arrays = Readonly<Record<(typeof momentArrays)[number], I32>>;

/** A deviation this small is none: the slot is constant, up to rounding. */
const deviationMin = 1e-9;
/** Beyond it a square would overflow, and the slot be lost for ever. */
const magnitudeMax = 1e150;

const bounded = (x: F64x2): F64x2 => x.max(-magnitudeMax).min(magnitudeMax);

/** Code that does to two slots at once, in float64, what `math/running.ts` does to one. */
export const buildMoments = (module: ModuleBuilder): void => {
  const takes = ['i32', 'i32', 'i32', 'f64'] as const;
  module.export('standardise', { takes, gives: 'i32' }, (f, [block, stride, bytes, clip]) => {
    const limit = f.keep(F64x2.splat(clip));
    const least = f.keep(F64x2.splat(0).sub(limit));
    const isInfinite = f.keep(F64x2.splat(0));
    forEachPair(f, { block, stride, bytes }, ({ x, z, means, variances }) => {
      const value = f.keep(F64x2.load(x));
      f.set(isInfinite, isInfinite.or(value.abs().equals(Number.POSITIVE_INFINITY)));
      const deviation = f.keep(F64x2.load(variances).sqrt());
      const score = f.keep(bounded(value).sub(F64x2.load(means)).div(deviation));
      const isKnown = f.keep(
        F64x2.splat(deviationMin).isAtMost(deviation).and(score.equals(score)),
      );
      f.store(z, 0, score.max(least).min(limit).and(isKnown));
    });
    f.return(isInfinite.isAny());
  });
  module.export('update', { takes }, (f, [block, stride, bytes, floor]) => {
    const least = f.keep(F64x2.splat(floor));
    forEachPair(f, { block, stride, bytes }, ({ x, counts, means, variances }) => {
      const value = f.keep(bounded(F64x2.load(x)));
      const isThere = f.keep(value.equals(value));
      const oldCounts = f.keep(F64x2.load(counts));
      const newCounts = f.keep(oldCounts.add(1));
      const rate = f.keep(F64x2.splat(1).div(newCounts).max(least));
      const oldMeans = f.keep(F64x2.load(means));
      const deviation = f.keep(value.sub(oldMeans));
      const oldVariances = f.keep(F64x2.load(variances));
      limitOutliers(f, { deviation, variances: oldVariances, counts: newCounts });
      const step = f.keep(rate.mul(deviation));
      const spread = oldVariances.add(step.mul(deviation));
      f.store(
        variances,
        0,
        F64x2.select(isThere, F64x2.splat(1).sub(rate).mul(spread), oldVariances),
      );
      f.store(means, 0, F64x2.select(isThere, oldMeans.add(step), oldMeans));
      f.store(counts, 0, F64x2.select(isThere, newCounts, oldCounts));
    });
  });
};

interface Slots {
  /** A kept value: it is set where it is too large. */
  readonly deviation: F64x2;
  readonly variances: F64x2;
  readonly counts: F64x2;
}

/** A branch, since a square root for each pair would cost as much as all the rest of an update. */
const limitOutliers = (f: FunctionBuilder, { deviation, variances, counts }: Slots): void => {
  const limit = f.keep(variances.mul(OUTLIER_DEVIATIONS * OUTLIER_DEVIATIONS));
  const isKnown = F64x2.splat(OUTLIER_AFTER)
    .isLess(counts)
    .and(F64x2.splat(deviationMin * deviationMin).isAtMost(variances));
  const isOutlier = f.keep(limit.isLess(deviation.mul(deviation)).and(isKnown));
  f.if(isOutlier.isAny(), () => {
    const most = f.keep(limit.sqrt());
    const taken = F64x2.select(deviation.isLess(0), F64x2.splat(0).sub(most), most);
    f.set(deviation, F64x2.select(isOutlier, taken, deviation));
  });
};

const forEachPair = (
  f: FunctionBuilder,
  { block, stride, bytes }: { block: I32; stride: I32; bytes: I32 },
  body: (at: Arrays) => void,
): void => {
  f.loop({ from: block, to: block.add(bytes), step: 16 }, (x) => {
    const at: Record<string, I32> = { x };
    let last = x;
    for (const name of momentArrays.slice(1)) {
      last = f.keep(last.add(stride));
      at[name] = last;
    }
    body(at as Arrays);
  });
};
