import { describe, expect, test } from 'vitest';
import { requireAbove, requireWhole, requireWithin } from '../../src/math/limits.ts';

const message = (run: () => void): string | undefined => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return (error as RangeError).message;
  }
  return undefined;
};

describe('a whole number of a range', () => {
  test.each([1, 2, 35_940])('%s is accepted', (value) => {
    expect(message(() => requireWhole('size', value, [1, 35_940]))).toBeUndefined();
  });

  test.each([0, 35_941, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%s is refused', (value) => {
    expect(message(() => requireWhole('size', value, [1, 35_940]))).toBe(
      `size must be a whole number from 1 to 35,940, not ${value}`,
    );
  });

  test('has separators in groups of three digits', () => {
    expect(message(() => requireWhole('size', 0, [1_234_567, 123_456]))).toContain(
      'from 1,234,567 to 123,456,',
    );
  });
});

describe('a number above a bound', () => {
  test.each([0.001, 1])('%s is accepted', (value) => {
    expect(message(() => requireAbove('factor', value, [0, 1]))).toBeUndefined();
  });

  test.each([0, -1, 1.001, Number.NaN])('%s is refused', (value) => {
    expect(message(() => requireAbove('factor', value, [0, 1]))).toBe(
      `factor must be above 0 and at most 1, not ${value}`,
    );
  });
});

describe('a number within a range', () => {
  test.each([0, 0.5, 1])('%s is accepted', (value) => {
    expect(message(() => requireWithin('share', value, [0, 1]))).toBeUndefined();
  });

  test.each([-0.001, 1.001, Number.NaN])('%s is refused', (value) => {
    expect(message(() => requireWithin('share', value, [0, 1]))).toBe(
      `share must lie between 0 and 1, not be ${value}`,
    );
  });
});
