import { describe, expect, test } from 'vitest';
import { encodeAll } from './encode-all.ts';

describe('time', () => {
  test('of day and of week become clock hands', () => {
    const { vectors, names } = encodeAll([{ at: '2024-01-01T06:00:00Z' }]);
    expect(names).toEqual(['at:daySin', 'at:dayCos', 'at:weekSin', 'at:weekCos']);
    const week = 2 * Math.PI * (0.25 / 7);
    const expected = [1, 0, Math.sin(week), Math.cos(week)];
    for (const [i, value] of expected.entries()) expect(vectors[0]?.[i]).toBeCloseTo(value, 12);
  });

  test.each([
    ['2024-01-01T06:00:00.000Z', '2024-01-01 06:00'],
    ['2024-01-01T06:00:00+02:00', '2024-01-01T06:00:00-0500'],
    ['2024-01-01', '2024-01-01T00:00'],
  ])('%s is read from the same wall clock as %s', (a, b) => {
    const { vectors } = encodeAll([{ at: a }, { at: b }]);
    expect(vectors[0]).toEqual(vectors[1]);
  });

  test('of a Date is its time in UTC', () => {
    const { vectors } = encodeAll([
      { at: '2024-05-06T07:08:09Z' },
      { at: new Date('2024-05-06T07:08:09Z') },
    ]);
    expect(vectors[0]).toEqual(vectors[1]);
  });

  test.each([['2024-13-45'], ['2024-1-1'], ['12:30'], ['2024-01-01 and later']])(
    '%s is a category',
    (text) => {
      expect(encodeAll([{ at: text }]).names).toEqual([`at=${text}`]);
    },
  );
});
