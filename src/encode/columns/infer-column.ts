import { isMissingMark } from './missing-marks.ts';
import { type DecimalMark, readNumber } from './number-notation.ts';
import { type DateOrder, readTimestamp } from './timestamp-notation.ts';

/** What the values of a column are. An identifier has a new text in nearly every row. */
export type ColumnKind = 'number' | 'timestamp' | 'category' | 'identifier' | 'empty';

/** The inferred type of a column, with the figures that it was inferred from. */
export interface ColumnType {
  readonly kind: ColumnKind;
  /** How it is written, such as `decimal comma, unit %` or `day/month/year`; empty where plain. */
  readonly notation: string;
  /** How many cells there are. */
  readonly count: number;
  /** How many of them are missing. */
  readonly missing: number;
  /** How many cells are neither missing nor of this kind and notation. */
  readonly misfits: number;
  /** How many distinct values there are, missing ones not counted. */
  readonly distinct: number;
  /** The smallest and the largest number, or timestamp in milliseconds since 1970. */
  readonly range?: readonly [number, number];
  /** The first three distinct values as they are written. */
  readonly examples: readonly string[];
}

/** The share of present cells that must fit a kind. */
const fitShare = 0.95;

/** From so many present cells on, a column of texts may be one of identifiers. */
const identifierRows = 20;

/** Infers the type of a column from all of its cells: numbers, texts, booleans, null or undefined. */
export const inferColumn = (cells: readonly unknown[]): ColumnType => {
  const texts = cells.map(textOf).filter((text) => !isMissingMark(text));
  const values = new Set(texts);
  const figures = {
    count: cells.length,
    missing: cells.length - texts.length,
    distinct: values.size,
    examples: [...values].slice(0, 3),
  };
  const plain = { notation: '', misfits: 0 };
  if (texts.length === 0) return { kind: 'empty', ...plain, ...figures };
  const found = bestOf([
    ...timestampReadings(texts),
    ...(['.', ','] as const).map((mark) => numberReading(texts, mark)),
  ]);
  if (found.values.length >= fitShare * texts.length) {
    const { kind, notation } = found;
    const misfits = texts.length - found.values.length;
    return { kind, notation, misfits, range: rangeOf(found.values), ...figures };
  }
  const isIdentifier = texts.length >= identifierRows && values.size >= fitShare * texts.length;
  return { kind: isIdentifier ? 'identifier' : 'category', ...plain, ...figures };
};

const textOf = (cell: unknown): string =>
  cell === null || cell === undefined ? '' : String(cell).trim();

/** What the cells are if they are read in one way; of each that fits, the value. */
interface Reading {
  readonly kind: 'number' | 'timestamp';
  readonly notation: string;
  readonly values: readonly number[];
}

/** The first of those that read the most cells. */
const bestOf = (readings: readonly Reading[]): Reading =>
  readings.reduce((best, one) => (one.values.length > best.values.length ? one : best));

const orders: Readonly<Record<DateOrder, string>> = {
  ymd: 'year-month-day',
  dmy: 'day/month/year',
  mdy: 'month/day/year',
};

const timestampReadings = (texts: readonly string[]): Reading[] => {
  const read = (order: DateOrder): Reading => ({
    kind: 'timestamp',
    notation: orders[order],
    values: texts.map((text) => readTimestamp(text, order)).filter((ms) => !Number.isNaN(ms)),
  });
  const [ymd, dmy, mdy] = [read('ymd'), read('dmy'), read('mdy')];
  const isAmbiguous = dmy.values.length > 0 && dmy.values.length === mdy.values.length;
  const notation = 'day/month/year or month/day/year: no row decides';
  return [ymd, isAmbiguous ? { ...dmy, notation } : dmy, mdy];
};

/** The cells with the most frequent unit are numbers; one unit for all, or it is not one. */
const numberReading = (texts: readonly string[], decimal: DecimalMark): Reading => {
  const byUnit = new Map<string, number[]>();
  for (const text of texts) {
    const number = readNumber(text, decimal);
    if (number === undefined) continue;
    const values = byUnit.get(number.unit);
    if (values) values.push(number.value);
    else byUnit.set(number.unit, [number.value]);
  }
  const [unit, values] = [...byUnit].reduce(
    (best, one) => (one[1].length > best[1].length ? one : best),
    ['#', []],
  );
  const marks = decimal === ',' ? ['decimal comma'] : [];
  if (unit !== '#') marks.push(`unit ${unit.replace('#', '')}`);
  return { kind: 'number', notation: marks.join(', '), values };
};

const rangeOf = (values: readonly number[]): [number, number] => {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
};
