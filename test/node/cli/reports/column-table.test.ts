import { expect, test } from 'vitest';
import { inferColumns } from '../../../../src/encode/columns/table.ts';
import { columnReport } from '../../../../src/node/cli/reports/column-table.ts';

const rows = [
  { features: { day: '13/01/2026', price: '1,5' }, target: 1 },
  { features: { day: '14/01/2026', price: 'NA', wind: 'calm\u001b[2J' }, target: 2 },
];

test('the table has a line for each column, the target last', () => {
  const columns = inferColumns(rows, 'load');
  expect(columns.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
    ['day', 'timestamp', 0],
    ['price', 'number', 1],
    ['wind', 'category', 1],
    ['load', 'number', 0],
  ]);
  const lines = columnReport(columns, { rows: 2, rejected: 1 }).split('\n');
  expect(lines[1]).toMatch(/^day .*timestamp .*2026-01-13 00:00:00 to 2026-01-14 00:00:00/);
  expect(lines[2]).toMatch(/decimal comma/);
  expect(lines[3]).toContain('calm\\x1b[2J');
  expect(lines[4]).toMatch(/^load \(target\)/);
  expect(lines[6]).toBe('2 rows read, 1 rejected');
});
