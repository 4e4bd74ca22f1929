import { describe, expect, it } from 'vitest';
import { relativeChange, summarise } from '../../../../clients/dashboard/reduce/tensor-summary.ts';

describe('the summary of a tensor', () => {
  it('has the norm, the extremes and the mean', () => {
    const summary = summarise(Float32Array.of(3, -4), 5);
    expect(summary).toMatchObject({ norm: 5, min: -4, max: 3, mean: -0.5, nonFinite: 0 });
  });

  it('counts every finite value once in its histogram, those beyond the limit at the ends', () => {
    const { histogram } = summarise([-9, -1, 0, 1, 9], 1);
    expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(5);
    expect(histogram[0]).toBe(2);
    expect(histogram.at(-1)).toBe(2);
  });

  it('counts what is not finite and leaves it out of the rest', () => {
    expect(summarise([Number.NaN, 2, Infinity], 2)).toMatchObject({ norm: 2, nonFinite: 2 });
  });
});

describe('the relative change', () => {
  it('is the distance moved as a share of the size before', () => {
    expect(relativeChange([3, 4.5], [3, 4])).toBeCloseTo(0.1, 12);
    expect(relativeChange([1, 2], [1, 2])).toBe(0);
  });

  it('is unknown when the shape has changed', () => {
    expect(relativeChange([1], [1, 2])).toBeNaN();
  });
});
