import type { NamedColumn } from '../../../encode/columns/table.ts';
import { count, figure } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';

const header = [
  'column',
  'type',
  'notation',
  'missing',
  'misfits',
  'distinct',
  'range',
  'examples',
];

/** The longest text of a name or an example that is shown. */
const lengthMax = 40;

/** The columns as a table, and a line on what it was made from. */
export const columnReport = (
  columns: readonly NamedColumn[],
  { rows, rejected }: { readonly rows: number; readonly rejected: number },
): string => {
  const lines = [header, ...columns.map(cellsOf)];
  const widths = header.map((_, at) => Math.max(...lines.map((cells) => cells[at]!.length)));
  const table = lines.map((cells) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at]!))
      .join('  ')
      .trimEnd(),
  );
  return `${table.join('\n')}\n\n${count(rows)} rows read, ${count(rejected)} rejected\n`;
};

const cellsOf = (column: NamedColumn): string[] => [
  printable(column.name, lengthMax) + (column.isTarget ? ' (target)' : ''),
  column.kind,
  printable(column.notation, 60),
  count(column.missing),
  count(column.misfits),
  count(column.distinct),
  rangeOf(column),
  column.examples.map((example) => printable(example, lengthMax)).join(', '),
];

const rangeOf = ({ order, range }: NamedColumn): string => {
  if (range === undefined) return '';
  const show = order === 'clock' ? clockOf : order === '' ? figure : momentOf;
  return `${show(range[0])} to ${show(range[1])}`;
};

// biome-ignore lint/plugin: a Date of milliseconds in UTC is the same in every engine and zone
const momentOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

const clockOf = (ms: number): string => momentOf(ms).slice(11);
