import { describe, expect, it } from 'vitest';
import { withMeans } from '../../../../clients/dashboard/reduce/history.ts';

type Stretch = [number, number | null, number | null, number | null];

describe('the past of a cost curve', () => {
  it('has the exact mean over everything at the end of each stretch', () => {
    const past = withMeans([
      [10, 1, 0, 2],
      [30, 0.25, 0, 1],
    ]);
    expect(past.map(({ step, overall }) => [step, overall])).toEqual([
      [10, 1],
      [30, 0.5],
    ]);
  });

  it('has the mean over about the last thousand samples', () => {
    const points = Array.from(
      { length: 40 },
      (_, i): Stretch => [(i + 1) * 100, i < 20 ? 1 : 0.5, 0, 1],
    );
    const past = withMeans(points);
    expect(past[9]?.recent).toBeCloseTo(1, 12);
    expect(past[24]?.recent).toBeCloseTo(0.75, 12);
    expect(past[39]?.recent).toBeCloseTo(0.5, 12);
  });

  it('takes a stretch that is longer than the window as it is', () => {
    const past = withMeans([
      [5_000, 1, 0, 2],
      [10_000, 0.2, 0, 2],
    ]);
    expect(past[1]?.recent).toBeCloseTo(0.2, 12);
  });

  it('is nothing for nothing', () => {
    expect(withMeans([])).toEqual([]);
  });
});
