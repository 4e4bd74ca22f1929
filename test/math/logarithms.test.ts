import { describe, expect, it } from 'vitest';
import { Logarithms } from '../../src/math/logarithms.ts';

describe('Logarithms', () => {
  it.each([0, 1, 3, 16, 81, 5])('is right to six digits, for %i numbers', (count) => {
    const logarithms = new Logarithms(count);
    const numbers = Float64Array.from({ length: count }, (_, i) => (i + 1) / (count + 1));
    logarithms.values.set(numbers);
    logarithms.take();
    const expected = numbers.map((value) => Math.log(value));
    for (const [i, value] of expected.entries()) expect(logarithms.values[i]).toBeCloseTo(value, 5);
  });
});
