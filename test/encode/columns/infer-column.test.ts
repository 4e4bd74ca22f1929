import { describe, expect, test } from 'vitest';
import { inferColumn } from '../../../src/encode/columns/infer-column.ts';

describe('the type of a column', () => {
  test.each([
    ['plain numbers', [5, 2.8, '4.0'], '', [2.8, 5]],
    ['decimal commas', ['5,0', '2,8', '1.232,42'], 'decimal comma', [2.8, 1232.42]],
    ['thousands separators', ['1,234.50', '1,100.25', '12'], '', [12, 1234.5]],
    ['apostrophes and spaces', ["1'234'567", '1 234.5', '0'], '', [0, 1_234_567]],
    ['a percent sign', ['5.0%', '2.8 %'], 'unit %', [2.8, 5]],
    ['a currency', ['€ 76.18', '-€82.19'], 'unit €', [-82.19, 76.18]],
    ['signs, exponents, parentheses', ['+5', '1e3', '(7)', '-.5'], '', [-7, 1000]],
    [
      'marks of missing values',
      ['1', 'NA', '?', 'null', '\\N', '--', null, Number.NaN],
      '',
      [1, 1],
    ],
  ])('%s are numbers', (_name, cells, notation, range) => {
    expect(inferColumn(cells)).toMatchObject({ kind: 'number', notation, range, misfits: 0 });
  });

  const march9 = Date.UTC(2026, 2, 9);
  test.each([
    ['ISO 8601', ['2026-03-09', '2026-03-13 10:00'], 'year-month-day'],
    ['slashes', ['2026/03/09', '2026/03/13 1:00'], 'year-month-day'],
    ['the day first', ['09/03/2026', '13/03/2026'], 'day/month/year'],
    ['the month first', ['3/9/2026 12:00 AM', '3/13/2026 1:30 PM'], 'month/day/year'],
    ['dots and a zone', ['09.03.2026 00:00 UTC', '13.03.2026 00:00 +0100'], 'day/month/year'],
  ])('timestamps with %s are read', (_name, cells, notation) => {
    const { range, ...type } = inferColumn(cells);
    expect(type).toMatchObject({ kind: 'timestamp', notation, misfits: 0 });
    expect(range?.[0]).toBe(march9);
  });

  test('an order of day and month that no row decides is reported', () => {
    expect(inferColumn(['05/01/2026', '06/01/2026']).notation).toMatch(/no row decides/);
  });

  test('a cell that does not fit is counted', () => {
    const cells = [...Array.from({ length: 99 }, (_, i) => String(i)), 'broken'];
    expect(inferColumn(cells)).toMatchObject({ kind: 'number', misfits: 1, distinct: 100 });
  });

  test('numbers of different units are not numbers', () => {
    expect(inferColumn(['5 km', '3 kg', '7 m'])).toMatchObject({ kind: 'category' });
  });

  test('a new text in every row is an identifier, a few texts are categories', () => {
    const ids = Array.from({ length: 50 }, (_, i) => `r${i}eef`);
    expect(inferColumn(ids).kind).toBe('identifier');
    expect(inferColumn(['north', ' north ', 'south'])).toMatchObject({
      kind: 'category',
      distinct: 2,
    });
  });

  test('a column of marks alone is empty', () => {
    expect(inferColumn(['', 'NA', null, undefined])).toMatchObject({ kind: 'empty', missing: 4 });
  });
});
