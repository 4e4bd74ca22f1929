import { expect, test } from 'vitest';
import { fieldValue } from '../../../src/sources/csv/csv-row.ts';

test('what is no plain decimal is a number, missing, or text', () => {
  const fields = ['1e3', ' -7 ', '', '  ', '-0e0', 'NaN', '-inf', 'red', '1 2'];
  const values = [1000, -7, null, null, 0, null, Number.NEGATIVE_INFINITY, 'red', '1 2'];
  expect(fields.map(fieldValue)).toEqual(values);
});

test('the spaces around a text do not count, and a text may be called like a property of objects', () => {
  expect([' red ', 'constructor', 'toString'].map(fieldValue)).toEqual([
    'red',
    'constructor',
    'toString',
  ]);
});
