import type { ScoreFormat } from './moments-pairs.ts';
import { DEVIATION_MIN, MAGNITUDE_MAX, OUTLIER_DEVIATIONS } from './running.ts';
import { F32x4 } from './wasm/f32x4.ts';
import { F64x2 } from './wasm/f64x2.ts';

/** A little less than an outlier, so that rounding hides none. */
const nearlyOutlier = OUTLIER_DEVIATIONS * (1 - 1e-3);

/** Scores as 64-bit floats: what `math/running.ts` computes, bit for bit. */
export const doubles: ScoreFormat = {
  name: 'doubles',
  bytesOfFour: 32,
  magnitudeMax: MAGNITUDE_MAX,
  score(f, clip) {
    const most = f.keep(F64x2.splat(clip));
    const least = f.keep(F64x2.splat(0).sub(most));
    return (pairs, out) => {
      const isFar = pairs.map(({ deviation, variances }, p) => {
        const unit = f.keep(variances.sqrt());
        const z = f.keep(deviation.div(unit));
        const isKnown = F64x2.splat(DEVIATION_MIN).isAtMost(unit).and(z.equals(z));
        f.store(out, 16 * p, z.max(least).min(most).and(isKnown));
        return f.keep(F64x2.splat(nearlyOutlier).isLess(z.abs()));
      });
      return isFar[0]!.or(isFar[1]!).isAny();
    };
  },
};

/** Scores as 32-bit floats, in half the time. */
export const floats: ScoreFormat = {
  name: 'floats',
  bytesOfFour: 16,
  magnitudeMax: 1e18,
  score(f, clip) {
    const most = f.keep(F32x4.splat(clip.toF32()));
    const least = f.keep(most.neg());
    const four = ([a, b]: readonly F64x2[]): F32x4 =>
      F32x4.shuffle(a!.toF32x4(), b!.toF32x4(), [0, 1, 4, 5]);
    return (pairs, out) => {
      const unit = f.keep(four(pairs.map(({ variances }) => variances)).sqrt());
      const z = f.keep(four(pairs.map(({ deviation }) => deviation)).div(unit));
      const isKnown = F32x4.splat(DEVIATION_MIN).isLess(unit).and(z.isEqual(z));
      f.store(out, 0, z.max(least).min(most).and(isKnown));
      return z.abs().isGreater(nearlyOutlier).isAny();
    };
  },
};
