import { instantMs } from '../iso-time.ts';
import { type SampleRow, sampleRows } from './sample-rows.ts';

/** How a CSV text is laid out, as its first rows show it. */
export interface CsvLayout {
  /** The character between two fields. */
  readonly delimiter: string;
  /** Whether `\"` is a quote in a quoted field. */
  readonly isEscaped: boolean;
  /** Lines before the header, or before the first row where there is no header. */
  readonly linesBefore: number;
  /** How many fields most rows below the header have. */
  readonly fieldCount: number;
  /** Whether all of the first rows have so many, two at least. */
  readonly isConstant: boolean;
  /** How many fields have a value in at least one row. */
  readonly filledCount: number;
  /** Whether the rows that came decide it; else more of them would. */
  readonly isClear: boolean;
}

/** What is known of a CSV text beforehand. */
export interface LayoutOptions {
  readonly delimiter: string | undefined;
  /** Whether the first row names the columns. */
  readonly hasHeader: boolean;
  /** A column that a header must name. */
  readonly target: string;
}

/**
 * In this order where two are as good: a comma may be a part of a number, and spaces are a part of many
 * texts.
 */
const delimiters = ['\t', ';', '|', ',', ' '] as const;

/** More rows are not needed to find a layout. */
const rowsMax = 64;

/**
 * The layout of the text that a sample begins. `isEnd` says that the sample is the whole text. Undefined
 * where it has no complete row.
 */
export const layoutOf = (
  text: string,
  options: LayoutOptions,
  isEnd: boolean,
): CsvLayout | undefined => {
  const [first = ''] = text.split('\n', 1);
  // Excel writes and reads this line.
  const said = /^sep=(.)\r?$/i.exec(first)?.[1];
  const body = said === undefined ? text : text.slice(first.length + 1);
  const known = options.delimiter ?? said;
  const escapes = body.includes('\\"') ? [false, true] : [false];
  const readings = (known === undefined ? delimiters : [known])
    .filter((delimiter) => delimiter === ',' || delimiter === known || body.includes(delimiter))
    .flatMap((delimiter) =>
      escapes.map((isEscaped) => read(body, { delimiter, isEscaped, isEnd }, options)),
    )
    .filter((reading) => reading !== undefined);
  if (readings.length === 0) return undefined;
  const { layout } = readings.reduce((best, one) => (one.score > best.score ? one : best));
  return said === undefined ? layout : { ...layout, linesBefore: layout.linesBefore + 1 };
};

type Format = Parameters<typeof sampleRows>[1];

interface Reading {
  readonly layout: CsvLayout;
  /** The higher, the more the rows are alike. */
  readonly score: number;
}

const read = (
  text: string,
  format: Format,
  { hasHeader, target }: LayoutOptions,
): Reading | undefined => {
  const rows = sampleRows(text, format).slice(0, rowsMax);
  const filled = rows.filter((row) => !isComment(row));
  if (filled.length === 0) return undefined;
  const named = hasHeader ? rows.findIndex(({ cells }) => namesOf(cells).includes(target)) : -1;
  const usual = usualCount(filled);
  const typical = filled.find(({ cells }) => cells.length === usual)!;
  const first = named >= 0 ? rows[named]! : hasHeader ? headerAbove(typical, filled[0]!) : typical;
  const below = filled.filter(({ line }) => (hasHeader ? line > first.line : line >= first.line));
  const fieldCount = below.length > 0 ? usualCount(below) : first.cells.length;
  const like = below.filter(({ cells, isBad }) => cells.length === fieldCount && !isBad).length;
  const share = below.length > 0 ? like / below.length : 1;
  const isTable = first.cells.length > 1;
  const enough = hasHeader && fieldCount === first.cells.length ? 1 : 2;
  const isNamed = named >= 0 && isTable;
  const score =
    (isNamed ? 4 : 0) +
    // A header of one field fewer has no name for the first column.
    (isTable && Math.abs(first.cells.length - fieldCount) <= 1 ? 2 : 0) +
    (format.delimiter === ' ' ? share / 2 : share);
  const layout = {
    delimiter: format.delimiter,
    isEscaped: format.isEscaped,
    linesBefore: first.line,
    fieldCount,
    isConstant: below.length > 1 && share === 1,
    filledCount: Math.max(0, ...below.map(({ cells }) => cells.findLastIndex(Boolean) + 1)),
    isClear: format.isEnd || rows.length >= rowsMax || (isTable && below.length >= enough),
  };
  return { layout, score };
};

/** Whether a line that begins with this text, and is no row, is a comment such as `# made by a logger`. */
export const isCommentText = (text: string): boolean => /^\s*(?:#|%|\/\/)/.test(text);

const isComment = ({ cells }: SampleRow): boolean => isCommentText(cells[0]!);

/** The names that a header has. It may be written as a comment: `# time,temp`. */
export const namesOf = (cells: readonly string[]): string[] =>
  cells.map((cell, i) => (i === 0 ? cell.replace(/^[#%]\s*/, '') : cell).trim());

/** A row of values names nothing where the row at the top has a name for each of its fields but one. */
const headerAbove = (typical: SampleRow, top: SampleRow): SampleRow =>
  top.cells.length > 1 &&
  top.cells.length === typical.cells.length - 1 &&
  typical.cells.every(isValue) &&
  !isRow(top.cells)
    ? top
    : typical;

/** Whether a first line looks like a row: one of its fields is a number or a timestamp. */
export const isRow = (fields: readonly string[]): boolean => fields.some(isValue);

const isValue = (field: string): boolean =>
  field !== '' && (Number.isFinite(Number(field)) || !Number.isNaN(instantMs(field)));

/** The number of fields that most rows have; the larger one of two that are as frequent. */
const usualCount = (rows: readonly SampleRow[]): number => {
  const counts = new Map<number, number>();
  for (const { cells } of rows) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [count] = [...counts].reduce(
    (best, one) => (one[1] > best[1] || (one[1] === best[1] && one[0] > best[0]) ? one : best),
    [1, 0],
  );
  return count;
};
