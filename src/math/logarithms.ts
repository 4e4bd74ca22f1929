import { allocate, type Block } from './wasm/arena.ts';
import { F32x4 } from './wasm/f32x4.ts';
import { program } from './wasm/program.ts';
import { log } from './wasm/vector-functions.ts';

interface LogarithmProgram {
  /** In place, from an address to another: whole vectors. */
  run(from: number, to: number): void;
}

/** Numbers that wait for their logarithms: they never stay longer than a call. */
let scratch: { block: Block; floats: Float32Array; program: LogarithmProgram } | undefined;

/**
 * Replaces numbers above 0 by their natural logarithms, right to six digits. In a row they take a
 * quarter of the time of `Math.log`, and are the same bits on every machine.
 */
export const logarithmsInPlace = (numbers: Float64Array): void => {
  const count = 4 * Math.ceil(numbers.length / 4);
  if (count === 0) return;
  if (!scratch || scratch.floats.length < count) scratch = scratchFor(scratch?.block, count);
  const { block, floats, program } = scratch;
  for (let i = 0; i < numbers.length; i += 1) floats[i] = numbers[i]!;
  program.run(block.address, block.address + 4 * count);
  for (let i = 0; i < numbers.length; i += 1) numbers[i] = floats[i]!;
};

const scratchFor = (old: Block | undefined, count: number) => {
  old?.free();
  const block = allocate(4 * count);
  const functions = program<LogarithmProgram>(block, 'logarithms', (module) =>
    module.export('run', { takes: ['i32', 'i32'] }, (f, [from, to]) => {
      f.loop({ from, to, step: 16 }, (at) => f.store(at, 0, log(f, F32x4.load(at))));
    }),
  );
  return {
    block,
    floats: new Float32Array(block.buffer, block.address, count),
    program: functions,
  };
};
