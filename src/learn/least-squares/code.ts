import type { Block } from '../../math/wasm/arena.ts';
import { F64x2 } from '../../math/wasm/f64x2.ts';
import type { FunctionBuilder } from '../../math/wasm/function-builder.ts';
import { program } from '../../math/wasm/program.ts';
import { F64, type I32 } from '../../math/wasm/scalars.ts';

/** The two walks over the matrix. Addresses and lengths in bytes; a row is `row` bytes long. */
export interface LeastSquaresProgram {
  /** direction = P · features. Returns their product. */
  multiply(matrix: number, features: number, direction: number, row: number): number;
  /** P ← (P − gain · d dᵀ) · inflation. */
  shrink(matrix: number, direction: number, row: number, gain: number, inflation: number): void;
}

/** Compiled once: the size is an argument. The matrix is square, padded to an even size. */
export const leastSquaresProgram = (block: Block): LeastSquaresProgram =>
  program<LeastSquaresProgram>(block, 'least squares', (module) => {
    const walked = ['i32', 'i32', 'i32', 'i32'] as const;
    module.export('multiply', { takes: walked, gives: 'f64' }, (f, [matrix, x, out, row]) => {
      multiply(f, { matrix: f.keep(matrix), x, out, row });
    });
    const shrunk = ['i32', 'i32', 'i32', 'f64', 'f64'] as const;
    module.export('shrink', { takes: shrunk }, (f, [matrix, d, row, gain, inflation]) => {
      shrink(f, { matrix: f.keep(matrix), d, row, gain, inflation });
    });
  });

/** Two rows at a time share what is loaded of x. */
const multiply = (
  f: FunctionBuilder,
  { matrix, x, out, row }: { matrix: I32; x: I32; out: I32; row: I32 },
): void => {
  const product = f.keep(F64.of(0));
  const end = f.keep(x.add(row));
  f.loop({ from: out, to: out.add(row), step: 16 }, (place) => {
    f.scope(() => {
      const sums = [f.keep(F64x2.splat(0)), f.keep(F64x2.splat(0))];
      const second = f.keep(matrix.add(row));
      f.loop({ from: x, to: end, step: 16 }, (at) => {
        f.scope(() => {
          const pair = f.keep(F64x2.load(at));
          for (const [i, from] of [matrix, second].entries()) {
            f.set(sums[i]!, sums[i]!.add(pair.mul(F64x2.load(from))));
            f.set(from, from.add(16));
          }
        });
      });
      f.set(matrix, second);
      for (const [i, sum] of sums.entries()) {
        const total = f.keep(sum.lane(0).add(sum.lane(1)));
        f.store(place, 8 * i, total);
        f.set(product, product.add(total.mul(F64.load(place.sub(out).add(x), 8 * i))));
      }
    });
  });
  f.return(product);
};

interface Shrinking {
  readonly matrix: I32;
  readonly d: I32;
  readonly row: I32;
  readonly gain: F64;
  readonly inflation: F64;
}

const shrink = (f: FunctionBuilder, { matrix, d, row, gain, inflation }: Shrinking): void => {
  const factor = f.keep(F64x2.splat(inflation));
  const end = f.keep(d.add(row));
  f.loop({ from: d, to: end, step: 8 }, (unit) => {
    f.scope(() => {
      const scale = f.keep(F64x2.splat(F64.load(unit).mul(gain)));
      f.loop({ from: d, to: end, step: 16 }, (at) => {
        f.scope(() => {
          const change = scale.mul(F64x2.load(at));
          f.store(matrix, 0, F64x2.load(matrix).sub(change).mul(factor));
          f.set(matrix, matrix.add(16));
        });
      });
    });
  });
};
