import { F64x2 } from './wasm/f64x2.ts';
import type { FunctionBuilder } from './wasm/function-builder.ts';
import type { F64, I32 } from './wasm/scalars.ts';

/** The arrays of moments in a memory, in order, each `stride` bytes after the one before. */
export const momentArrays = ['x', 'counts', 'means', 'variances'] as const;

/** What the code depends on. */
export interface MomentsShape {
  readonly stride: number;
  readonly format: ScoreFormat;
}

/** How z-scores are computed and written. */
export interface ScoreFormat {
  readonly name: string;
  /** What four scores take. */
  readonly bytesOfFour: number;
  /** The largest value of this format whose square does not overflow: larger ones are clipped to it. */
  readonly magnitudeMax: number;
  /** Code that scores two pairs. */
  score(f: FunctionBuilder, clip: F64): PairScore;
}

/** Writes the z-scores of two pairs. Returns whether there may be an outlier among them. */
export type PairScore = (pairs: readonly Pair[], out: I32) => I32;

/** Two slots. */
export interface Pair {
  /** x, no larger than can be squared; NaN where it is missing. */
  readonly value: F64x2;
  /** x − mean. A local: that of an outlier is set to the clipped value. */
  readonly deviation: F64x2;
  readonly means: F64x2;
  readonly variances: F64x2;
  /** What lies in the array of counts. */
  readonly counts: F64x2;
  /** Writes to an array. */
  readonly store: (array: (typeof momentArrays)[number], values: F64x2) => void;
}

/** Which slots are visited, and how. */
export interface Run {
  readonly arrays: I32;
  readonly bytes: I32;
  readonly to: I32;
  readonly shape: MomentsShape;
  /** The value that a larger x is clipped to. Absent: no x is larger. */
  readonly most?: number;
}

/** Visits four slots at a time, with the place of their scores. */
export const forEachFour = (
  f: FunctionBuilder,
  { arrays, bytes, to, shape: { stride, format }, most }: Run,
  visit: (pairs: readonly Pair[], out: I32) => void,
): void => {
  const out = f.keep(to);
  f.loop({ from: arrays, to: arrays.add(bytes), step: 32 }, (at) => {
    const pairs = [0, 16].map((offset): Pair => {
      const offsetOf = (array: (typeof momentArrays)[number]): number =>
        offset + stride * momentArrays.indexOf(array);
      const load = (array: (typeof momentArrays)[number]): F64x2 => F64x2.load(at, offsetOf(array));
      const x = load('x');
      const value = most === undefined ? x : f.keep(x.max(-most).min(most));
      const means = f.keep(load('means'));
      return {
        value,
        means,
        deviation: f.keep(value.sub(means)),
        variances: f.keep(load('variances')),
        counts: load('counts'),
        store: (array, values) => f.store(at, offsetOf(array), values),
      };
    });
    visit(pairs, out);
    f.set(out, out.add(format.bytesOfFour));
  });
};
