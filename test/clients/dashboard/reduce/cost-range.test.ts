import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costRange, lineRange } from '../../../../clients/dashboard/reduce/cost-range.ts';
import { logSplits } from '../../../../clients/dashboard/reduce/log-splits.ts';

const column = (...values: number[]): Float64Array => Float64Array.from(values);

describe('the range of the cost', () => {
  const columns = { lines: [column(0.8, 0.4, 0.2)], high: column(9, 5, 1) };

  it('is from zero to a little over the lines on a linear axis', () => {
    const [low, high] = costRange(columns, { first: 0, last: 2, isLog: false });
    expect([low, high]).toEqual([0, 1]);
  });

  it('has all of the band’s upper edge on a logarithmic axis', () => {
    const [low, high] = costRange(columns, { first: 0, last: 2, isLog: true });
    expect(low).toBeCloseTo(0.05, 12);
    expect(high).toBeGreaterThan(9);
  });

  it('looks at the rows that are shown', () => {
    const [, high] = costRange(columns, { first: 2, last: 2, isLog: false });
    expect(high).toBe(0.25);
  });

  it('is something to draw on where there is nothing, and where everything is zero or NaN', () => {
    for (const values of [column(), column(0, 0), column(Number.NaN)]) {
      for (const isLog of [true, false]) {
        const range = costRange({ lines: [values], high: values }, { first: 0, last: 1, isLog });
        expect(range.every(Number.isFinite)).toBe(true);
        expect(range[1]).toBeGreaterThan(range[0]);
        if (isLog) expect(range[0]).toBeGreaterThan(0);
      }
    }
  });
});

describe('the range of lines', () => {
  it('has a margin, also around a flat line', () => {
    const [low, high] = lineRange([column(1, 3)], { first: 0, last: 1 });
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(3);
    const flat = lineRange([column(5, 5)], { first: 0, last: 1 });
    expect(flat).toEqual([4.5, 5.5]);
  });
});

describe('the labels of a logarithmic axis', () => {
  it('are 1, 2 and 5 of each decade, or the powers alone', () => {
    expect(logSplits(0.02, 1.2)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1]);
    expect(logSplits(1e-6, 1)).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]);
  });

  it('are few and within the range, whatever it is', () => {
    const exponents = fc.tuple(
      fc.integer({ min: -300, max: 290 }),
      fc.integer({ min: 1, max: 300 }),
    );
    fc.assert(
      fc.property(exponents, ([from, decades]) => {
        const [min, max] = [10 ** from * 1.3, 10 ** Math.min(300, from + decades)];
        const splits = logSplits(min, max);
        expect(splits.length).toBeLessThan(16);
        expect(splits.every((split) => split >= min && split <= max)).toBe(true);
      }),
    );
    expect(logSplits(0, 1)).toEqual([]);
    expect(logSplits(2, 1)).toEqual([]);
  });
});
