import type { Block } from '../../../math/wasm/arena.ts';
import { F32x4 } from '../../../math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../math/wasm/function-builder.ts';
import { program } from '../../../math/wasm/program.ts';
import type { F32, I32 } from '../../../math/wasm/scalars.ts';

/** Points whose least distance is found together, so that most need not be looked at. */
export const pointsInBlock = 32;

/** Squared distances of one point to many. Addresses in bytes. */
export interface Distances {
  /**
   * The points lie in groups of four: for each of their numbers four lanes, one a point. Writes one
   * squared distance a point to `out`, until `end`: whole blocks; and the least one of each block to
   * `least`. `numbers` is four times how many numbers a point has.
   */
  measure(
    query: number,
    points: number,
    numbers: number,
    out: number,
    end: number,
    least: number,
  ): void;
}

/** Compiled once: sizes are arguments. */
export const distances = (block: Block): Distances =>
  program<Distances>(block, 'squared distances', (module) => {
    const takes = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
    module.export('measure', { takes }, (f, [query, points, numbers, out, end, least]) => {
      const at = { point: f.keep(points), queryEnd: f.keep(query.add(numbers)), query };
      const leastAt = f.keep(least);
      f.loop({ from: out, to: end, step: 4 * pointsInBlock }, (place) => {
        f.scope(() => {
          const nearest = f.keep(F32x4.splat(Number.POSITIVE_INFINITY));
          // Two groups at a time share what is loaded of the query.
          for (let group = 0; group < pointsInBlock / 4; group += 2) {
            const sums = measureTwo(f, at);
            for (const [i, sum] of sums.entries()) {
              f.store(place, 16 * (group + i), sum);
              f.set(nearest, nearest.min(sum));
            }
          }
          f.store(leastAt, 0, leastLane(f, nearest));
          f.set(leastAt, leastAt.add(4));
        });
      });
    });
  });

interface Walk {
  readonly query: I32;
  readonly queryEnd: I32;
  /** Moves on to the next two groups. */
  readonly point: I32;
}

const measureTwo = (f: FunctionBuilder, { query, queryEnd, point }: Walk): F32x4[] => {
  const second = f.keep(point.add(queryEnd.sub(query).shiftLeft(2)));
  const sums = [f.keep(F32x4.splat(0)), f.keep(F32x4.splat(0))];
  f.loop({ from: query, to: queryEnd, step: 4 }, (number) => {
    f.scope(() => {
      const value = f.keep(F32x4.loadSplat(number));
      for (const [i, group] of [point, second].entries()) {
        const difference = f.keep(value.sub(F32x4.load(group)));
        f.set(sums[i]!, sums[i]!.add(difference.mul(difference)));
        f.set(group, group.add(16));
      }
    });
  });
  f.set(point, second);
  return sums;
};

const leastLane = (f: FunctionBuilder, vector: F32x4): F32 => {
  const half = f.keep(vector.min(F32x4.shuffle(vector, vector, [2, 3, 0, 1])));
  return half.lane(0).min(half.lane(1));
};
