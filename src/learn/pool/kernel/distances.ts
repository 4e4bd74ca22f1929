import type { Block } from '../../../math/wasm/arena.ts';
import { F32x4 } from '../../../math/wasm/f32x4.ts';
import { program } from '../../../math/wasm/program.ts';

/** Squared distances of one point to many. Addresses in bytes. */
export interface Distances {
  /**
   * The points lie in groups of four: for each of their numbers four lanes, one a point. Writes one
   * squared distance a point to `out`, until `end`. `numbers` is four times how many each has.
   */
  measure(query: number, points: number, numbers: number, out: number, end: number): void;
}

/** Compiled once: sizes are arguments. */
export const distances = (block: Block): Distances =>
  program<Distances>(block, 'squared distances', (module) => {
    const takes = ['i32', 'i32', 'i32', 'i32', 'i32'] as const;
    module.export('measure', { takes }, (f, [query, points, numbers, out, end]) => {
      const point = f.keep(points);
      const queryEnd = f.keep(query.add(numbers));
      f.loop({ from: out, to: end, step: 16 }, (place) => {
        f.scope(() => {
          const sum = f.keep(F32x4.splat(0));
          f.loop({ from: query, to: queryEnd, step: 4 }, (number) => {
            f.scope(() => {
              const difference = f.keep(F32x4.loadSplat(number).sub(F32x4.load(point)));
              f.set(sum, sum.add(difference.mul(difference)));
              f.set(point, point.add(16));
            });
          });
          f.store(place, 0, sum);
        });
      });
    });
  });
