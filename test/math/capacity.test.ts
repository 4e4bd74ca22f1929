import { describe, expect, it } from 'vitest';
import { capacityFor } from '../../src/math/capacity.ts';

describe('capacityFor', () => {
  it('is enough, and at most a quarter too much', () => {
    for (let count = 1; count <= 5_000; count += 1) {
      const capacity = capacityFor(count);
      expect(capacity).toBeGreaterThanOrEqual(count);
      expect(capacity).toBeLessThan(1.25 * count + 1e-9);
      expect(capacityFor(capacity)).toBe(capacity);
    }
  });

  it('takes few values on the way to a large count', () => {
    const values = new Set(Array.from({ length: 16_384 }, (_, i) => capacityFor(i + 1)));
    expect(values.size).toBeLessThan(60);
  });
});
