import { allocate, type Block } from '../../math/wasm/arena.ts';
import { F64x2 } from '../../math/wasm/f64x2.ts';
import type { FunctionBuilder } from '../../math/wasm/function-builder.ts';
import { program } from '../../math/wasm/program.ts';
import { F64, type I32 } from '../../math/wasm/scalars.ts';
import type { Memory } from '../learner.ts';
import { countIn, float64s } from '../memory-fields.ts';

/** The two walks over the matrix. Addresses and lengths in bytes; a row is `row` bytes long. */
interface LeastSquaresProgram {
  /** direction = P · features. Returns their product. */
  multiply(matrix: number, features: number, direction: number, row: number): number;
  /** P ← (P − gain · d dᵀ) · inflation. */
  shrink(matrix: number, direction: number, row: number, gain: number, inflation: number): void;
}

/** Compiled once: the size is an argument. The matrix is square, padded to an even size. */
const leastSquaresProgram = (block: Block): LeastSquaresProgram =>
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

/** Beyond it a full matrix would cost too much time a sample: only its diagonal is kept. */
const fullSizeMax = 160;

/** P and what is computed with it. */
interface Workspace {
  readonly isFull: boolean;
  /** Numbers from one row of the inverse to the next; 0: there is but the diagonal. */
  readonly stride: number;
  readonly inverse: Float64Array;
  readonly direction: Float64Array;
  get(row: number, column: number): number;
  set(row: number, column: number, value: number): void;
  trace(): number;
  /** Fills the direction P · features. Returns features · direction. */
  multiply(features: Float64Array): number;
  shrink(gain: number, inflation: number): void;
  free(): void;
}

/** A workspace for a P of `size` features, all zero. */
const workspace = (size: number): Workspace =>
  size <= fullSizeMax ? new FullWorkspace(size) : new DiagonalWorkspace(size);

class FullWorkspace implements Workspace {
  readonly isFull = true;
  readonly stride: number;
  readonly inverse: Float64Array;
  readonly direction: Float64Array;
  readonly #size: number;
  readonly #padded: number;
  readonly #features: Float64Array;
  readonly #block: Block;
  readonly #program: LeastSquaresProgram;

  constructor(size: number) {
    this.#size = size;
    const padded = 2 * Math.ceil(size / 2);
    this.#padded = padded;
    this.stride = padded;
    this.#block = allocate(8 * padded * (padded + 2), this);
    const { buffer, address } = this.#block;
    this.#features = new Float64Array(buffer, address, padded);
    this.direction = new Float64Array(buffer, address + 8 * padded, padded);
    this.inverse = new Float64Array(buffer, address + 16 * padded, padded * padded);
    this.#program = leastSquaresProgram(this.#block);
  }

  get(row: number, column: number): number {
    return this.inverse[row * this.#padded + column]!;
  }

  set(row: number, column: number, value: number): void {
    this.inverse[row * this.#padded + column] = value;
  }

  trace(): number {
    let sum = 0;
    for (let i = 0; i < this.#size; i += 1) sum += this.inverse[i * (this.#padded + 1)]!;
    return sum;
  }

  multiply(features: Float64Array): number {
    for (let i = 0; i < features.length; i += 1) this.#features[i] = features[i]!;
    const { address } = this.#block;
    const row = 8 * this.#padded;
    return this.#program.multiply(address + 2 * row, address, address + row, row);
  }

  shrink(gain: number, inflation: number): void {
    const { address } = this.#block;
    const row = 8 * this.#padded;
    this.#program.shrink(address + 2 * row, address + row, row, gain, inflation);
  }

  free(): void {
    this.#block.free();
  }
}

/** The diagonal of P alone. */
class DiagonalWorkspace implements Workspace {
  readonly isFull = false;
  readonly stride = 0;
  readonly inverse: Float64Array;
  readonly direction: Float64Array;

  constructor(size: number) {
    this.inverse = new Float64Array(size);
    this.direction = new Float64Array(size);
  }

  get(row: number): number {
    return this.inverse[row]!;
  }

  set(row: number, _column: number, value: number): void {
    this.inverse[row] = value;
  }

  trace(): number {
    return this.inverse.reduce((sum, value) => sum + value, 0);
  }

  multiply(features: Float64Array): number {
    let product = 0;
    for (let i = 0; i < features.length; i += 1) {
      this.direction[i] = this.inverse[i]! * features[i]!;
      product += this.direction[i]! * features[i]!;
    }
    return product;
  }

  shrink(gain: number, inflation: number): void {
    for (let i = 0; i < this.inverse.length; i += 1) {
      const step = this.direction[i]!;
      this.inverse[i] = (this.inverse[i]! - gain * step * step) * inflation;
    }
  }

  free(): void {}
}

/** How much of the past counts at each sample: about the last 1,000 do. */
const kept = 0.999;

/** The direction of a step, and its length for an error of 1. */
export interface NewtonStep {
  readonly gain: number;
  readonly direction: Float64Array;
}

/**
 * Recursive least squares with forgetting: the inverse P of the weighted second moments of all
 * features, kept up to date by the formula of Sherman and Morrison.
 */
export class LeastSquares {
  readonly #first: number;
  #size: number;
  #work!: Workspace;

  /** `first` is the variance that a weight is believed to have before anything was seen. */
  constructor(size: number, first = 1) {
    this.#first = first;
    this.#size = size;
    this.reset();
  }

  /** Takes in features whose sample counts `weight` times. The step is overwritten by the next. */
  take(features: Float64Array, weight: number): NewtonStep {
    const work = this.#work;
    const variance = work.multiply(features);
    // Rounding may have left P indefinite.
    if (!(variance >= 0 && variance < 1e12)) {
      this.reset();
      return { gain: 0, direction: this.#work.direction };
    }
    const gain = 1 / (kept / weight + variance);
    // P may not grow without end where the features hardly vary.
    const inflation = work.trace() > this.#size ? 1 : 1 / kept;
    work.shrink(gain, inflation);
    return { gain, direction: work.direction };
  }

  reset(): void {
    this.#replace(this.#size);
    for (let i = 0; i < this.#size; i += 1) this.#work.set(i, i, this.#first);
  }

  /** Makes room: `to` says at which place each feature is from now on. */
  grow(size: number, to: readonly number[]): void {
    const old = this.#work;
    this.#work = workspace(size);
    this.#size = size;
    for (let i = 0; i < size; i += 1) this.#work.set(i, i, this.#first);
    if (old.isFull && this.#work.isFull) moveAll(old, this.#work, to);
    else for (let i = 0; i < to.length; i += 1) this.#work.set(to[i]!, to[i]!, old.get(i, i));
    old.free();
  }

  /** Makes a feature as fresh as one that `grow` adds. */
  forget(feature: number): void {
    const work = this.#work;
    for (let i = 0; work.isFull && i < this.#size; i += 1) {
      work.set(i, feature, 0);
      work.set(feature, i, 0);
    }
    work.set(feature, feature, this.#first);
  }

  save(): Memory {
    return { size: this.#size, inverse: this.#work.inverse.slice() };
  }

  load(memory: Memory): void {
    this.#size = countIn(memory, 'size');
    this.#replace(this.#size);
    this.#work.inverse.set(float64s(memory, 'inverse'));
  }

  #replace(size: number): void {
    this.#work?.free();
    this.#work = workspace(size);
  }
}

/** A plain loop over the numbers: this is most of what a new class costs. */
const moveAll = (from: Workspace, into: Workspace, to: readonly number[]): void => {
  for (let i = 0; i < to.length; i += 1) {
    const [source, target] = [i * from.stride, to[i]! * into.stride];
    for (let j = 0; j < to.length; j += 1)
      into.inverse[target + to[j]!] = from.inverse[source + j]!;
  }
};
