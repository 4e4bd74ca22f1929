import { describe, expect, test } from 'vitest';
import { readClock, readTimestamp } from '../../../src/encode/columns/timestamps.ts';

const halfPastEight = Date.UTC(2026, 2, 9, 8, 30);

describe('a timestamp', () => {
  test.each([
    '2026-03-09 08:30',
    '2026-03-09T08:30:00',
    '2026-03-09T08:30:00.000000Z',
    '2026-03-09T08:30:00,5',
    '2026-03-09 08:30:00+01:00',
    '2026-03-09 08:30:00 +0100',
    '2026-03-09 8:30 UTC',
    '2026/3/9 8:30',
    '20260309T083000Z',
    '202603090830',
    '09-Mar-2026 08:30:00',
    '09/Mar/2026:08:30:00 -0700',
    '[09/Mar/2026:08:30:00 -0700]',
    'Mon, 09 Mar 2026 08:30:00 GMT',
    'Mar 9, 2026 8:30 AM',
    'March 9 2026, 08:30',
    'Mon Mar 09 2026 08:30:00 GMT+0100 (CET)',
  ])('is read from %s', (text) => {
    expect(readTimestamp(text, 'ymd')?.wallMs).toBe(halfPastEight);
  });

  test.each([
    ['9/3/2026 08:30', 'dmy'],
    ['09.03.2026 08:30', 'dmy'],
    ['09-03-26 08:30', 'dmy'],
    ['3/9/2026 8:30 AM', 'mdy'],
    ['03/09/26, 8:30 a.m.', 'mdy'],
  ] as const)('is read from %s in the order %s', (text, order) => {
    expect(readTimestamp(text, order)?.wallMs).toBe(halfPastEight);
  });

  test.each([
    ...[
      '30/02/2026',
      '2026-13-01',
      '2026-03-09 25:00',
      '9/3/2026 13:00 PM',
      '1.2.3',
      '12',
      'north',
    ],
    ...['2026-03', '12345678901234', 'march', '2026-03-09 10:00 north east', '192.168.1.10'],
  ])('is not read from %s', (text) => {
    expect(readTimestamp(text, 'dmy')).toBeUndefined();
  });

  test('is a moment in UTC by its offset, and in UTC without one', () => {
    expect(readTimestamp('2026-03-09 08:30:00.25 -01:30', 'ymd')?.instantMs).toBe(
      halfPastEight + 90 * 60_000 + 250,
    );
    expect(readTimestamp('2026-03-09 08:30', 'ymd')?.instantMs).toBe(halfPastEight);
  });
});

test.each([
  ['00:30', 30],
  ['8:05:59', 485.983],
  ['12:15 AM', 15],
  ['1:00 pm', 780],
  ['18.00.00', 1080],
])('the time of day %s is read', (text, minutes) => {
  expect(readClock(text)! / 60_000).toBeCloseTo(minutes, 3);
});

test.each(['24:30', '8', '8:5', '13:00 PM', '8:30:00 +0100'])('%s is not a time of day', (text) => {
  expect(readClock(text)).toBeUndefined();
});
