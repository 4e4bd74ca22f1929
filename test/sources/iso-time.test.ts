import { describe, expect, it, test } from 'vitest';
import { initialRandom, randomUniform } from '../../src/math/random.ts';
import { instantMs, wallClockMs } from '../../src/sources/iso-time.ts';

describe('instantMs', () => {
  it('reads what toISOString writes, of any millisecond from the year 0 to 9999', () => {
    const random = initialRandom(1);
    const [first, last] = [Date.UTC(-1, 12), Date.UTC(9999, 11, 31, 23, 59, 59, 999)];
    for (let i = 0; i < 10_000; i += 1) {
      const ms = Math.floor(first + (last - first) * randomUniform(random));
      expect(instantMs(new Date(ms).toISOString())).toBe(ms);
    }
  });

  test.each([
    ['1970-01-01', 0],
    ['1970-01-01 00:01', 60_000],
    ['1970-01-01T00:00:01,5Z', 1500],
    ['1970-01-01T00:00:00.123456789', 123],
    ['1970-01-01T02:00+02:00', 0],
    ['1970-01-01T02:30+0230', 0],
    ['1969-12-31T22:30-01:30', 0],
    ['1970-01-01T01:00+01', 0],
    ['1969-12-31T24:00', 0],
    ['1970-01-01 0:01', 60_000],
    ['1970/01/01 00:01', 60_000],
    ['1970-01-01 00:00:01 UTC', 1000],
    ['1970-01-01 00:00:01 GMT', 1000],
    ['1970-01-01 02:00:00 +0200', 0],
    ['2024-02-29', 1_709_164_800_000],
    ['2000-02-29', 951_782_400_000],
  ])('%s is %d ms after 1970', (text, ms) => {
    expect(instantMs(text)).toBe(ms);
  });

  test.each([
    '2023-02-29',
    '1900-02-29',
    '2024-02-30',
    '2024-04-31',
    '2024-00-10',
    '2024-13-01',
    '2024-01-00',
    '2024-01-01T24:01',
    '2024-01-01T25:00',
    '2024-01-01T10:60',
    '2024-01-01T10:00:60',
    '2024-01-01T10:00+24:00',
    '2024-01-01T10:00+01:60',
    '2024-1-1',
    '2024/02-29',
    '2024-01-01  10:00',
    '2024-01-01 :10',
    '01/02/2024',
    'Jan 2, 2024 10:00',
    'Tue, 02 Jan 2024 10:00:00 GMT',
    '2024-01-01T10',
    '2024-01-01T10:00:00Z and later',
    'noon',
    '',
  ])('%j is no time, in every engine', (text) => {
    expect(instantMs(text)).toBeNaN();
  });
});

test('the wall clock is read to the second, and has no offset', () => {
  expect(wallClockMs('1970-01-01T01:00:02.9+05:00')).toBe(3_602_000);
});
