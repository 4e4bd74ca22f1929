import { forEachFour, type MomentsShape } from './moments-pairs.ts';
import { commonPace, ownPace, takeAll } from './moments-steps.ts';
import { F64x2 } from './wasm/f64x2.ts';
import type { FunctionBuilder } from './wasm/function-builder.ts';
import type { ModuleBuilder } from './wasm/module-builder.ts';
import { I32 } from './wasm/scalars.ts';

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
