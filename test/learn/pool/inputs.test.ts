import { describe, expect, it } from 'vitest';
import { PoolInputs } from '../../../src/learn/pool/inputs.ts';

describe('PoolInputs', () => {
  it('has the last two targets of a regression, newest first, at most 5 deviations away', () => {
    const inputs = new PoolInputs({ inputCount: 1, classCount: 0 });
    for (const target of [1, 2, -9]) inputs.update(target);
    expect([...inputs.recent]).toEqual([-5, 2]);
  });

  it('has the last class, and the share of each among the recent ones', () => {
    const inputs = new PoolInputs({ inputCount: 1, classCount: 2 });
    inputs.update(1);
    inputs.update(0);
    expect([inputs.recent[0], inputs.recent[2]]).toEqual([1, 0]);
    expect(inputs.recent[1]).toBeCloseTo(0.1, 12);
    expect(inputs.recent[3]).toBeCloseTo(0.09, 12);
  });

  it('looks at a sample without learning its scale, and takes it with learning it', () => {
    const inputs = new PoolInputs({ inputCount: 1, classCount: 0 });
    for (const x of [1, 3, 1, 3]) inputs.take([x]);
    inputs.look([3]);
    const [before] = inputs.steady;
    inputs.look([99]);
    inputs.look([3]);
    expect(inputs.steady[0]).toBe(before);
    for (let i = 0; i < 9; i += 1) inputs.take([9]);
    inputs.look([3]);
    expect(inputs.steady[0]).toBeLessThan(before!);
  });

  it('follows the last hundred samples in one scale and all samples in the other', () => {
    const inputs = new PoolInputs({ inputCount: 1, classCount: 0 });
    for (let i = 0; i < 2_000; i += 1) inputs.take([i % 2]);
    for (let i = 0; i < 300; i += 1) inputs.take([10 + (i % 2)]);
    inputs.look([10.5]);
    expect(Math.abs(inputs.fading[0]!)).toBeLessThan(1);
    expect(inputs.steady[0]).toBeGreaterThan(2);
  });

  it('gives copies of what is in place', () => {
    const inputs = new PoolInputs({ inputCount: 1, classCount: 0 });
    for (const x of [1, 3, 1, 3]) inputs.take([x]);
    inputs.look([3]);
    const { steady, recent } = inputs.seen();
    inputs.look([1]);
    inputs.update(4);
    expect(steady[0]).toBeGreaterThan(0);
    expect(recent[0]).toBe(0);
  });
});
