import { capacityFor } from './capacity.ts';
import { allocate, type Block } from './wasm/arena.ts';
import { F32x4 } from './wasm/f32x4.ts';
import { program } from './wasm/program.ts';
import { logLanes } from './wasm/vector-functions.ts';

interface LogarithmProgram {
  /** In place, from an address to another: whole vectors. */
  run(from: number, to: number): void;
}

/**
 * A row of numbers and their natural logarithms, right to six digits. Together they take a quarter of
 * the time of `Math.log`, and are the same bits on every machine.
 */
export class Logarithms {
  /** To be filled with numbers above 0. */
  values!: Float32Array;
  #block: Block | undefined;
  #program!: LogarithmProgram;
  #from = 0;
  #to = 0;

  constructor(count: number) {
    this.resize(count);
  }

  /** Makes the row so long: with other `values`, whose numbers are not kept. */
  resize(count: number): void {
    const byteLength = 16 * Math.max(1, Math.ceil(count / 4));
    const block = this.#blockOf(byteLength);
    this.values = new Float32Array(block.buffer, block.address, count);
    this.#from = block.address;
    this.#to = block.address + byteLength;
  }

  #blockOf(byteLength: number): Block {
    if (this.#block && byteLength <= this.#block.byteLength) return this.#block;
    this.#block?.free();
    this.#block = allocate(16 * capacityFor(byteLength / 16), this);
    this.#program = programFor(this.#block);
    return this.#block;
  }

  /** Replaces the values by their logarithms. */
  take(): void {
    this.#program.run(this.#from, this.#to);
  }
}

const programFor = (block: Block): LogarithmProgram =>
  program<LogarithmProgram>(block, 'logarithms', (module) =>
    module.export('run', { takes: ['i32', 'i32'] }, (f, [from, to]) => {
      f.loop({ from, to, step: 16 }, (at) => f.store(at, 0, logLanes(f, F32x4.load(at))));
    }),
  );
