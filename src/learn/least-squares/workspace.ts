import { allocate, type Block } from '../../math/wasm/arena.ts';
import { type LeastSquaresProgram, leastSquaresProgram } from './code.ts';

/** Beyond it a full matrix would cost too much time a sample: only its diagonal is kept. */
const fullSizeMax = 160;

/** P and what is computed with it. */
export interface Workspace {
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

/** Room for a P of so many features, all zero. */
export const workspace = (size: number): Workspace =>
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
