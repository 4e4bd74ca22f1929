import { describe, expect, it } from 'vitest';
import { logarithmsInPlace } from '../../src/math/logarithms.ts';

describe('logarithmsInPlace', () => {
  it.each([0, 1, 3, 16, 81, 5])('is right to six digits, for %i numbers', (count) => {
    const numbers = Float64Array.from({ length: count }, (_, i) => (i + 1) / (count + 1));
    const expected = numbers.map((value) => Math.log(value));
    logarithmsInPlace(numbers);
    for (const [i, value] of expected.entries()) expect(numbers[i]).toBeCloseTo(value, 5);
  });
});
