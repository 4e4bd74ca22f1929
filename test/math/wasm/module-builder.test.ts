import { describe, expect, it } from 'vitest';
import { allocate } from '../../../src/math/wasm/arena.ts';
import { signed, unsigned } from '../../../src/math/wasm/code.ts';
import { F32x4 } from '../../../src/math/wasm/f32x4.ts';
import { F64x2 } from '../../../src/math/wasm/f64x2.ts';
import { ModuleBuilder } from '../../../src/math/wasm/module-builder.ts';
import { F32, I32 } from '../../../src/math/wasm/scalars.ts';
import { WalkPlace, walk } from '../../../src/math/wasm/walk.ts';

/** Compiles one function and returns it, with the first floats of the memory it works on. */
const compile = (build: (builder: ModuleBuilder) => void) => {
  const block = allocate(4096);
  const builder = new ModuleBuilder();
  build(builder);
  const exports = block.instance(new WebAssembly.Module(builder.bytes()));
  const run = exports['run'] as (...values: number[]) => number;
  return { run, floats: new Float32Array(block.buffer, block.address, 1024), at: block.address };
};

describe('the emitter', () => {
  it('writes numbers in LEB128 as the specification has them', () => {
    expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(signed(-123_456)).toEqual([0xc0, 0xbb, 0x78]);
    expect(signed(64)).toEqual([0xc0, 0x00]);
  });

  it('computes with parameters of every type', () => {
    const { run } = compile((module) =>
      module.export('run', { takes: ['i32', 'f32', 'f64'], gives: 'f64' }, (f, [i, x, y]) =>
        f.return(i.add(1).toF64().add(x.toF64()).mul(y)),
      ),
    );
    expect(run(2, 0.5, 10)).toBe(35);
  });

  it('chooses a branch, and gives its locals back', () => {
    const { run } = compile((module) =>
      module.export('run', { takes: ['f32'], gives: 'f32' }, (f, [x]) => {
        const result = f.keep(F32.of(0));
        f.if(
          x.isLess(0),
          () => f.set(result, f.keep(x.neg())),
          () => f.set(result, f.keep(x.mul(2))),
        );
        f.return(result);
      }),
    );
    expect([run(-3), run(3)]).toEqual([3, 6]);
  });

  it.each([1, 3, 8, 9, 23])('walks %i steps along tracks of different strides', (count) => {
    const { run, floats, at } = compile((module) =>
      module.export('run', { takes: ['i32'], gives: 'f32' }, (f, [from]) => {
        const sum = f.keep(F32x4.splat(0));
        const tracks = [
          { from: new WalkPlace(from), stride: 4 },
          { from: new WalkPlace(from, 2048), stride: 16 },
        ];
        walk(f, { count, unroll: 4, tracks }, ([scale, vector]) =>
          f.set(sum, sum.add(scale!.loadSplat().mul(vector!.load()))),
        );
        f.return(f.sum(sum));
      }),
    );
    let expected = 0;
    for (let i = 0; i < count; i++) {
      floats[i] = i + 1;
      floats.fill(i + 2, 512 + 4 * i, 516 + 4 * i);
      expected += 4 * (i + 1) * (i + 2);
    }
    expect(run(at)).toBe(expected);
  });

  it('adds the lanes of four vectors at once', () => {
    const { run, floats, at } = compile((module) =>
      module.export('run', { takes: ['i32'] }, (f, [from]) => {
        const [a, b, c, d] = [0, 16, 32, 48].map((offset) => f.keep(F32x4.load(from, offset)));
        f.store(from, 64, f.sums(a!, b!, c!, d!));
      }),
    );
    floats.set([1, 2, 3, 4, 10, 20, 30, 40, 5, 5, 5, 5, -1, 1, -1, 2]);
    run(at);
    expect([...floats.subarray(16, 20)]).toEqual([10, 100, 20, 1]);
  });

  it('finds the least and the greatest lane, wherever it is', () => {
    const { run, floats, at } = compile((module) =>
      module.export('run', { takes: ['i32'] }, (f, [from]) => {
        const four = f.keep(F32x4.load(from));
        f.store(from, 16, f.least(four));
        f.store(from, 20, f.greatest(four));
      }),
    );
    for (let lane = 0; lane < 4; lane += 1) {
      floats.fill(lane, 0, 4).set([-7], lane);
      floats.set([9], (lane + 1) % 4);
      run(at);
      expect([...floats.subarray(4, 6)]).toEqual([-7, 9]);
    }
  });

  it('works on two doubles at once', () => {
    const { run, floats, at } = compile((module) =>
      module.export('run', { takes: ['i32', 'f64'], gives: 'f64' }, (f, [to, x]) => {
        const both = f.keep(F64x2.splat(x).sqrt());
        f.storeHalf(to, 0, both.toF32x4());
        f.return(both.lane(0).add(both.lane(1)));
      }),
    );
    expect(run(at, 9)).toBe(6);
    expect([...floats.subarray(0, 3)]).toEqual([3, 3, 0]);
  });

  it('says what is wrong when something is set that was not kept', () => {
    expect(() =>
      compile((module) => module.export('run', { takes: [] }, (f) => f.set(I32.of(1), I32.of(2)))),
    ).toThrow('expected a value made by keep');
  });
});
