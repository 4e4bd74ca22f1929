import { describe, expect, it } from 'vitest';
import { decide } from '../../src/learn/decide.ts';

describe('decide', () => {
  it('takes the most probable class', () => {
    expect(decide([0.2, 0.5, 0.3])).toBe(1);
    expect(decide([1])).toBe(0);
  });

  it('takes a rare class from its threshold on', () => {
    expect(decide([0.85, 0.15], [0.9, 0.1])).toBe(1);
    expect(decide([0.95, 0.05], [0.9, 0.1])).toBe(0);
  });
});
