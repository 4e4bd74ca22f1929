import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../src/broadcast/token-bucket.ts';

/** How many of `tries` requests at one time a bucket lets pass. */
const passed = (bucket: TokenBucket, now: number, tries = 100): number => {
  let count = 0;
  for (let i = 0; i < tries; i += 1) if (bucket.take(now)) count += 1;
  return count;
};

describe('TokenBucket', () => {
  it('lets one second of requests pass at once, and refuses the next', () => {
    const bucket = new TokenBucket(5, 1_000);
    expect(passed(bucket, 1_000)).toBe(5);
    expect(bucket.take(1_000)).toBe(false);
  });

  it('earns requests in proportion to the time that has passed', () => {
    const bucket = new TokenBucket(5, 0);
    passed(bucket, 0);
    expect(passed(bucket, 199)).toBe(0);
    expect(passed(bucket, 200)).toBe(1);
    expect(passed(bucket, 600)).toBe(2);
  });

  it('earns each moment once', () => {
    const bucket = new TokenBucket(1, 0);
    expect(bucket.take(0)).toBe(true);
    const granted = [500, 1_000, 1_250, 1_500, 1_750, 2_000].filter((now) => bucket.take(now));
    expect(granted).toEqual([1_000, 2_000]);
  });

  it('saves up no more than one second of requests', () => {
    const bucket = new TokenBucket(5, 0);
    expect(passed(bucket, 3_600_000)).toBe(5);
  });

  it('lets one request pass at once where fewer than one a second are allowed', () => {
    const bucket = new TokenBucket(0.5, 0);
    expect(passed(bucket, 0)).toBe(1);
    expect(bucket.take(1_999)).toBe(false);
    expect(bucket.take(2_000)).toBe(true);
  });
});
