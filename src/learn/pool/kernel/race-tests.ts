import { allocate, type Block } from '../../../math/wasm/arena.ts';
import { type RaceProgram, raceProgram } from './race-code.ts';

/** What {@link RaceTests} are made for. */
export interface RaceShape {
  readonly testCount: number;
  /** Sums that each of the two sides of a test has. */
  readonly sumCount: number;
}

/** Tests of one input each, and sums of what fell on either side, where the kernel can reach them. */
export class RaceTests {
  readonly #shape: RaceShape;
  #pointLength: number;
  #block!: Block;
  #program!: RaceProgram;
  #point!: Float32Array;
  #inputs!: Int32Array;
  #thresholds!: Float32Array;
  /** Left side of the first test, right side, left side of the second … */
  sums!: Float32Array;

  constructor(shape: RaceShape) {
    this.#shape = shape;
    this.#pointLength = 4;
    this.#allocate();
  }

  input(test: number): number {
    // It is an address in the point.
    return this.#inputs[2 * test]! / 4;
  }

  threshold(test: number): number {
    return this.#thresholds[2 * test + 1]!;
  }

  /** Replaces a test, and forgets what fell on its sides. */
  set(test: number, input: number, threshold: number): void {
    this.#inputs[2 * test] = 4 * input;
    this.#thresholds[2 * test + 1] = threshold;
    const width = 2 * this.#shape.sumCount;
    const end = (test + 1) * width;
    for (let i = test * width; i < end; i += 1) this.sums[i] = 0;
  }

  /** The point that the next {@link RaceTests.add} is about. */
  setPoint(z: Float64Array): void {
    if (z.length > this.#pointLength) this.#makeRoom(z.length);
    const point = this.#point;
    for (let i = 0; i < z.length; i += 1) point[i] = z[i]!;
  }

  /** Adds to the index-th sum of the side on which the point falls, for some tests in a row. */
  add({ first, count }: { first: number; count: number }, index: number, weight: number): void {
    const stride = 8 * this.#shape.sumCount;
    const tests = this.#inputs.byteOffset + 8 * first;
    const sums = this.sums.byteOffset + stride * first + 4 * index;
    const point = this.#point.byteOffset;
    this.#program.add(tests, tests + 8 * count, point, sums, stride, weight);
  }

  /** Inputs and thresholds of the first tests, as raw bytes. */
  saveTests(count: number): Int32Array {
    return this.#inputs.slice(0, 2 * count);
  }

  loadTests(saved: Int32Array): void {
    this.#inputs.set(saved);
  }

  #makeRoom(length: number): void {
    const old = { block: this.#block, inputs: this.#inputs, sums: this.sums };
    this.#pointLength = Math.max(length, 2 * this.#pointLength);
    this.#allocate();
    this.#inputs.set(old.inputs);
    this.sums.set(old.sums);
    old.block.free();
  }

  #allocate(): void {
    const { testCount, sumCount } = this.#shape;
    const pointBytes = 16 * Math.ceil(this.#pointLength / 4);
    const testBytes = 8 * testCount;
    const sumBytes = 8 * testCount * sumCount;
    this.#block = allocate(pointBytes + testBytes + sumBytes);
    const { buffer, address } = this.#block;
    this.#program = raceProgram(this.#block);
    this.#point = new Float32Array(buffer, address, pointBytes / 4);
    this.#inputs = new Int32Array(buffer, address + pointBytes, testBytes / 4);
    this.#thresholds = new Float32Array(buffer, address + pointBytes, testBytes / 4);
    this.sums = new Float32Array(buffer, address + pointBytes + testBytes, sumBytes / 4);
  }
}
