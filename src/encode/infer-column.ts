import { wallClockMs } from '../sources/iso-time.ts';

/** The order of year, month and day in a date. */
type DateOrder = 'ymd' | 'dmy' | 'mdy';

const pattern =
  /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:(?:T|,? )(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?(?: ?([AP])M)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?$/i;

/**
 * The wall clock that a timestamp of this order shows, in milliseconds since 1970, to the second. An
 * offset from UTC is ignored, as {@link wallClockMs} does. NaN where the text is not such a timestamp.
 */
const readTimestamp = (text: string, order: DateOrder): number => {
  const parts = pattern.exec(text);
  if (parts === null) return Number.NaN;
  const [first = '', middle = '', last = ''] = [parts[1], parts[3], parts[4]];
  const [year, month, day] =
    order === 'ymd'
      ? [first, middle, last]
      : [last, order === 'dmy' ? middle : first, order === 'dmy' ? first : middle];
  if (year.length !== 4 || day.length > 2 || month.length > 2) return Number.NaN;
  const hour = hourOf(parts[5] ?? '0', parts[8]);
  const time = `${two(String(hour))}:${parts[6] ?? '00'}:${parts[7] ?? '00'}`;
  return wallClockMs(`${year}-${two(month)}-${two(day)}T${time}`);
};

const two = (digits: string): string => digits.padStart(2, '0');

/** The hour from 0 to 23; 99, which does not exist, where a clock of twelve hours does not show it. */
const hourOf = (digits: string, half: string | undefined): number => {
  const hour = Number(digits);
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return 99;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
};

/** The character before the fraction of a number. */
type DecimalMark = '.' | ',';

/** A number as a text writes it. */
interface WrittenNumber {
  readonly value: number;
  /** The currency before it and the unit behind it, separated by `#`: `€#`, `#%`; `#` without both. */
  readonly unit: string;
}

const currency = '(?:[$€£¥₹]|EUR|USD|GBP|CHF|JPY)';
const shape = new RegExp(
  `^(${currency})?\\s?([+-]?)(${currency})?\\s?([\\d.,'\\s]*\\d)(e[+-]?\\d{1,3})?\\s?([^\\d.,+()\\s-][^\\d.,()]{0,7})?$`,
  'i',
);

/** A longer text is not a number. */
const lengthMax = 64;

/** Digits, in groups of three or not, and a fraction. */
const bodies: Readonly<Record<DecimalMark, RegExp>> = {
  '.': /^(?:(?:\d+|\d{1,3}([,'\s])\d{3}(?:\1\d{3})*)(?:\.\d+)?|\.\d+)$/,
  ',': /^(?:(?:\d+|\d{1,3}([.'\s])\d{3}(?:\1\d{3})*)(?:,\d+)?|,\d+)$/,
};

/**
 * Reads a number with thousands separators, a currency, a unit, a sign, an exponent, or parentheses
 * for a negative one. Undefined where the text is not such a number with this decimal mark.
 */
const readNumber = (text: string, decimal: DecimalMark): WrittenNumber | undefined => {
  if (text.length > lengthMax) return undefined;
  const inner = text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
  const parts = shape.exec(inner);
  const body = parts?.[4];
  if (!parts || body === undefined || !bodies[decimal].test(body)) return undefined;
  const digits = body.replaceAll(decimal === '.' ? /[,'\s]/g : /[.'\s]/g, '').replace(',', '.');
  const isNegative = (parts[2] === '-') !== (inner !== text);
  const magnitude = Number(digits + (parts[5] ?? ''));
  if (!Number.isFinite(magnitude)) return undefined;
  // A zero has no sign.
  const value = isNegative ? 0 - magnitude : magnitude;
  return { value, unit: `${parts[1] ?? parts[3] ?? ''}#${parts[6]?.trim() ?? ''}` };
};

const marks: ReadonlySet<string> = new Set([
  ...['', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '\\n', '-', '--', '?'],
  ...['unavailable', 'unknown', 'missing'],
]);

/** Whether a text without surrounding spaces is a common mark of a missing value, in any case. */
const isMissingMark = (text: string): boolean => marks.has(text.toLowerCase());

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
