import type { Block } from '../../../math/wasm/arena.ts';
import { program } from '../../../math/wasm/program.ts';
import { F32, I32 } from '../../../math/wasm/scalars.ts';

/** Tests in one round of the loop: their number is a multiple of it. */
const unroll = 4;

/** Which side of each test a point falls on. Addresses in bytes. */
export interface RaceProgram {
  /**
   * Adds `weight` to one sum of the side of each test on which the point falls. A test is the
   * address of an input in the point (i32), and a threshold (f32), until `end`; each has `stride`
   * bytes of sums, the left side first.
   */
  add(
    tests: number,
    end: number,
    point: number,
    sums: number,
    stride: number,
    weight: number,
  ): void;
}

/** Compiled once: without branches, which nothing could predict here. */
export const raceProgram = (block: Block): RaceProgram =>
  program<RaceProgram>(block, 'race of tests', (module) => {
    const takes = ['i32', 'i32', 'i32', 'i32', 'i32', 'f32'] as const;
    module.export('add', { takes }, (f, [tests, end, point, sums, stride, weight]) => {
      const side = f.keep(stride.shiftRight(1));
      const at = f.keep(sums);
      f.loop({ from: tests, to: end, step: 8 * unroll }, (test) => {
        for (let offset = 0; offset < 8 * unroll; offset += 8) {
          f.scope(() => {
            const value = F32.load(point.add(I32.load(test, offset)));
            const isRight = value.isLess(F32.load(test, offset + 4)).equals(0);
            const place = f.keep(at.add(isRight.mul(side)));
            f.store(place, 0, F32.load(place).add(weight));
            f.set(at, at.add(stride));
          });
        }
      });
    });
  });
