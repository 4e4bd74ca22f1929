import { expect, it } from 'vitest';
import {
  ageText,
  bytesText,
  percent,
  shortNumber,
  wholeNumber,
} from '../../../../clients/dashboard/reduce/number-text.ts';

it.each([
  [0, '0'],
  [0.012345, '0.0123'],
  [0.9, '0.9000'],
  [4.5678, '4.568'],
  [-4.5678, '−4.568'],
  [999, '999.0'],
  [1_234, '1.23 k'],
  [1_000_000, '1.00 M'],
  [2.5e-7, '2.5e−7'],
  [Number.NaN, 'NaN'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
])('writes %d as %s', (value, text) => {
  expect(shortNumber(value)).toBe(text);
});

it('separates the thousands of whole numbers', () => {
  expect(wholeNumber(1_234_567)).toBe('1\u202f234\u202f567');
  expect(wholeNumber(12)).toBe('12');
});

it('writes shares as per cent, and a dash where there is none', () => {
  expect(percent(0.9634)).toBe('96.3\u202f%');
  expect(percent(Number.NaN)).toBe('–');
});

it('writes an age in the unit that says most', () => {
  expect([-3, 42.4, 12_000, 300_000, Number.NaN].map(ageText)).toEqual([
    '0 ms',
    '42 ms',
    '12 s',
    '5 min',
    '–',
  ]);
});

it('writes bytes in binary units', () => {
  expect(bytesText(50 * 2 ** 20)).toBe('50 MiB');
  expect(bytesText(3 * 2 ** 29)).toBe('1.50 GiB');
});
