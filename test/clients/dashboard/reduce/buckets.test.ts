import { describe, expect, it } from 'vitest';
import { Buckets } from '../../../../clients/dashboard/reduce/buckets.ts';

const merges = { step: 'last', mean: 'mean', low: 'min', high: 'max', bad: 'sum' } as const;

function filled(count: number, limit: number) {
  const buckets = new Buckets(merges, limit);
  for (let step = 1; step <= count; step += 1) {
    buckets.add({ step, mean: step, low: -step, high: step, bad: step % 10 === 0 ? 1 : 0 });
  }
  return buckets;
}

describe('buckets', () => {
  it('keeps every point as it came while there is room', () => {
    expect([...filled(8, 8).column('step')]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('merges neighbours two by two once it is full', () => {
    const buckets = filled(9, 8);
    expect([...buckets.column('step')]).toEqual([2, 4, 6, 8, 9]);
    expect([...buckets.column('mean')]).toEqual([1.5, 3.5, 5.5, 7.5, 9]);
    expect([...buckets.column('low')]).toEqual([-2, -4, -6, -8, -9]);
  });

  it('never has more rows than its limit, and loses no extreme and no count', () => {
    const buckets = filled(100_000, 2_000);
    expect(buckets.length).toBeLessThanOrEqual(2_000);
    expect(Math.min(...buckets.column('low'))).toBe(-100_000);
    expect(Math.max(...buckets.column('high'))).toBe(100_000);
    expect(buckets.column('bad').reduce((sum, bad) => sum + bad, 0)).toBe(10_000);
    expect(buckets.column('step').at(-1)).toBe(100_000);
  });

  it('changes no finished row while points are added between two merges', () => {
    const before = filled(2_100, 2_000).column('mean');
    const after = filled(3_900, 2_000).column('mean');
    expect([...after.slice(0, before.length - 1)]).toEqual([...before.slice(0, -1)]);
  });

  it('lets a missing value give way to a present one', () => {
    const buckets = new Buckets({ mean: 'mean' }, 2);
    for (const mean of [Number.NaN, 4, 5]) buckets.add({ mean });
    expect([...buckets.column('mean')]).toEqual([4, 5]);
  });

  it('is empty again after clear', () => {
    const buckets = filled(9, 8);
    buckets.clear();
    buckets.add({ step: 1, mean: 1, low: 1, high: 1, bad: 0 });
    expect([...buckets.column('step')]).toEqual([1]);
  });

  it('refuses an odd limit', () => {
    expect(() => new Buckets(merges, 7)).toThrow(RangeError);
  });
});
