import { describe, expect, it } from 'vitest';
import { backoff, hinted, retryHint } from '../../src/client/backoff.ts';

describe('retryHint', () => {
  it('reads the time from the beginning of a reason, and from nowhere else', () => {
    expect(retryHint('retryMs=2500 full')).toBe(2_500);
    expect(retryHint('retryMs=0')).toBe(0);
    expect(retryHint('full retryMs=2500')).toBeUndefined();
    expect(retryHint('retryMs=')).toBeUndefined();
    expect(retryHint('')).toBeUndefined();
  });
});

describe('hinted', () => {
  it('waits as long as the server asks for', () => {
    expect(hinted(2_500, 0)).toBe(2_500);
  });

  it('waits at least a time that doubles from 0.1 s to 30 s', () => {
    expect([0, 1, 2, 8, 9, 10, 1_000].map((attempt) => hinted(0, attempt))).toEqual([
      100, 200, 400, 25_600, 30_000, 30_000, 30_000,
    ]);
  });

  it('waits at most an hour', () => {
    expect(hinted(999_999_999, 0)).toBe(3_600_000);
    expect(hinted(3_599_999, 0)).toBe(3_599_999);
  });
});

describe('backoff', () => {
  it('waits any time up to a bound that doubles from half a second to thirty', () => {
    const all = [0, 1, 5, 6, 40].map((attempt) => backoff(attempt, () => 1));
    expect(all).toEqual([500, 1_000, 16_000, 30_000, 30_000]);
    expect(backoff(3, () => 0)).toBe(0);
    expect(backoff(3, () => 0.25)).toBe(1_000);
  });
});
