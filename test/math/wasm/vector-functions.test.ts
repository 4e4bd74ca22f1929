import { describe, expect, it } from 'vitest';
import { allocate } from '../../../src/math/wasm/arena.ts';
import { F32x4 } from '../../../src/math/wasm/f32x4.ts';
import type { FunctionBuilder } from '../../../src/math/wasm/function-builder.ts';
import { program } from '../../../src/math/wasm/program.ts';
import {
  expLanes,
  logLanes,
  roughInverseRoot,
  sigmoidLanes,
  softplusLanes,
  tanhLanes,
} from '../../../src/math/wasm/vector-functions.ts';

type VectorFunction = (f: FunctionBuilder, x: F32x4) => F32x4;

/** Runs a function of the kernel over numbers. */
const apply = (name: string, fn: VectorFunction, numbers: readonly number[]): Float32Array => {
  const count = Math.ceil(numbers.length / 4) * 4;
  const block = allocate(count * 4);
  const floats = new Float32Array(block.buffer, block.address, count);
  floats.set(numbers);
  const { run } = program<{ run: (from: number, to: number) => void }>(
    block,
    `test ${name}`,
    (module) =>
      module.export('run', { takes: ['i32', 'i32'] }, (f, [from, to]) => {
        f.loop({ from, to, step: 16 }, (at) => f.store(at, 0, fn(f, F32x4.load(at))));
      }),
  );
  run(block.address, block.address + count * 4);
  const result = floats.slice(0, numbers.length);
  block.free();
  return result;
};

const between = (from: number, to: number): number[] =>
  Array.from({ length: 4001 }, (_, i) => Math.fround(from + ((to - from) * i) / 4000));

const worst = (
  [fn, exact]: readonly [VectorFunction, (x: number) => number],
  numbers: readonly number[],
): number => {
  const found = apply(fn.name, fn, numbers);
  const errors = numbers.map((x, i) => Math.abs(found[i]! / exact(x) - 1));
  return Math.max(...errors);
};

describe('functions of the kernel', () => {
  it('exp is right to seven digits near zero, and to six far out', () => {
    expect(worst([expLanes, Math.exp], between(-2, 2))).toBeLessThan(4e-7);
    expect(worst([expLanes, Math.exp], between(-80, 80))).toBeLessThan(6e-6);
  });

  it('sigmoid is right to seven digits, and ends at finite values', () => {
    const exact = (x: number): number => 1 / (1 + Math.exp(-x));
    expect(worst([sigmoidLanes, exact], between(-5, 20))).toBeLessThan(1e-6);
    const [low, high] = apply('sigmoid', sigmoidLanes, [-1e30, 1e30]);
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(1e-17);
    expect(high).toBe(1);
  });

  it('tanh is right to six digits, also close to zero', () => {
    expect(worst([tanhLanes, Math.tanh], between(0.01, 20))).toBeLessThan(1e-6);
    expect(worst([tanhLanes, Math.tanh], between(1e-6, 1e-3))).toBeLessThan(1e-6);
    expect(worst([tanhLanes, Math.tanh], between(-3, -0.1))).toBeLessThan(1e-6);
  });

  it('log is right to six digits away from one, and exact enough at it', () => {
    expect(worst([logLanes, Math.log], between(1.1, 1000))).toBeLessThan(1e-6);
    expect(worst([logLanes, Math.log], between(1e-30, 0.9))).toBeLessThan(1e-6);
    expect(apply('log', logLanes, [1])[0]).toBe(0);
  });

  it('softplus is right to six digits', () => {
    const exact = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    expect(worst([softplusLanes, exact], between(-10, 50))).toBeLessThan(2e-6);
  });

  it('roughInverseRoot is right to 3.5 %, however large x is', () => {
    const rough: VectorFunction = (_f, x) => roughInverseRoot(x);
    const exact = (x: number): number => 1 / Math.sqrt(x);
    for (const scale of [1e-16, 1, 1e16]) {
      expect(worst([rough, exact], between(scale, 4 * scale))).toBeLessThan(0.035);
    }
  });

  it('passes NaN on', () => {
    for (const fn of [expLanes, sigmoidLanes, tanhLanes, softplusLanes]) {
      expect(apply(fn.name, fn, [Number.NaN])[0]).toBeNaN();
    }
  });
});
