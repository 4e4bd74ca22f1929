import type { ColumnForm } from './column-form.ts';
import { type ColumnSettings, noColumnSettings } from './column-settings.ts';
import { isMissingMark, isUnlabelledMark } from './missing-marks.ts';
import { type DecimalMark, noUnit, readNumber } from './numbers.ts';
import { type DateOrder, dateOrders, readClock, readTimestamp } from './timestamps.ts';

/** The inferred type of a column, with the figures that it was inferred from. */
export interface ColumnType extends ColumnForm {
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
  /** Whether every timestamp is a date without a time of day. */
  readonly isDateAlone: boolean;
}

/** What is known of a column beside its cells. */
export interface ColumnHints {
  /** Its name. Default: not known. */
  readonly name?: string;
  /** Whether it is the target. Default false. */
  readonly isTarget?: boolean;
  /** What the user has said. Default: nothing. */
  readonly settings?: ColumnSettings;
}

/** The share of present cells that must fit a kind. */
const fitShare = 0.95;

/** From this many present cells on, a column of texts may be one of identifiers. */
const identifierRows = 20;

/** With fewer present cells than this, nearly all must differ. */
const identifierRowsSure = 200;

/**
 * Infers the type of a column from its cells: numbers, texts, booleans, dates, null or undefined. What
 * the user has said of the column comes first.
 */
export const inferColumn = (cells: readonly unknown[], hints: ColumnHints = {}): ColumnType => {
  const isMissing = missingTest(hints);
  const texts: Cell[] = [];
  for (const cell of cells) {
    const text = cellOf(cell);
    if (!isMissing(String(text))) texts.push(text);
  }
  const values = new Set(texts);
  const figures: Figures = {
    count: cells.length,
    missing: cells.length - texts.length,
    distinct: values.size,
    examples: [...values].slice(0, 3).map(String),
    isDateAlone: false,
  };
  return { ...figures, ...formOf(texts, values.size, hints) };
};

type Figures = Omit<ColumnType, keyof ColumnForm | 'misfits'>;
type Form = ColumnForm & Pick<ColumnType, 'misfits'> & Partial<ColumnType>;

/** Tells which texts are missing values in a column. */
export const missingTest = ({
  name = '',
  isTarget = false,
  settings = noColumnSettings,
}: ColumnHints): ((text: string) => boolean) => {
  const own = new Set(settings.missing);
  const isTextColumn = settings.text.includes(name);
  const isMark = isTextColumn
    ? (text: string) => text === ''
    : isTarget
      ? isUnlabelledMark
      : isMissingMark;
  return (text) => isMark(text) || own.has(text);
};

/** A cell as a text without surrounding spaces; empty where there is none. */
export const cellText = (cell: unknown): string => {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return String(cell.getTime());
  return String(cell).trim();
};

/** A present cell: a number of the language itself, or a text. */
export type Cell = string | number;

/** A cell as it can be remembered: a number, or a text without surrounding spaces. */
export const cellOf = (cell: unknown): Cell =>
  typeof cell === 'number' && Number.isFinite(cell) ? cell : cellText(cell);

const formOf = (texts: readonly Cell[], distinct: number, hints: ColumnHints): Form => {
  const { name = '', settings = noColumnSettings } = hints;
  const plain = { notation: '', misfits: 0, decimal: '.', unit: noUnit, order: '' } as const;
  if (isDropped(name, settings)) return { kind: 'dropped', ...plain };
  if (settings.text.includes(name)) return { kind: 'category', ...plain };
  const isNumber = settings.number.includes(name);
  if (texts.length === 0) return { kind: isNumber ? 'number' : 'empty', ...plain };
  const readings = isNumber
    ? numberReadings(texts, settings)
    : [
        ...(hints.isTarget ? [] : timestampReadings(texts, settings)),
        ...numberReadings(texts, settings),
      ];
  const found = bestOf(readings);
  const share = hints.isTarget ? targetShare : fitShare;
  if (isNumber || found.values.length >= share * texts.length) {
    const { values, ...form } = isNumber ? found : (epochOf(found, hints) ?? found);
    return { ...form, misfits: texts.length - values.length, range: rangeOf(values) };
  }
  const isIdentifier = !hints.isTarget && areIdentifiers(texts.length, distinct);
  return { kind: isIdentifier ? 'identifier' : 'category', ...plain };
};

/** A few texts among the numbers of a target are bad rows, not classes. */
const targetShare = 0.5;

const isDropped = (name: string, { drop, columns }: ColumnSettings): boolean =>
  drop.includes(name) || (columns.length > 0 && !columns.includes(name));

const areIdentifiers = (count: number, distinct: number): boolean => {
  if (count < identifierRows) return false;
  return distinct >= (count < identifierRowsSure ? 0.99 : fitShare) * count;
};

/** What the cells are if they are read in one way; of each that fits, the value. */
interface Reading extends ColumnForm {
  readonly values: readonly number[];
  readonly isDateAlone: boolean;
}

/** The first of those that read the most cells. */
const bestOf = (readings: readonly Reading[]): Reading =>
  readings.reduce((best, one) => (one.values.length > best.values.length ? one : best));

const orderNames: Readonly<Record<DateOrder, string>> = {
  ymd: 'year-month-day',
  dmy: 'day/month/year',
  mdy: 'month/day/year',
};

/** The notation of a column of dates in which no cell decides whether the day or the month comes first. */
export const undecidedOrder = 'day/month/year or month/day/year: no row decides';

const timestampReadings = (texts: readonly Cell[], { dateOrder }: ColumnSettings): Reading[] => {
  // Neither date nor time of day has fewer than three marks and digits; most columns are plain numbers.
  if (!texts.some((text) => /\d[-/.:\s]|\d{8}/.test(String(text)))) return [];
  const orders: readonly DateOrder[] = dateOrder === '' ? dateOrders : [dateOrder, 'ymd'];
  const readings = orders.map((order) => datesIn(texts, order));
  const clocks = texts.map((text) => readClock(String(text))).filter((ms) => ms !== undefined);
  const times: Reading = {
    ...{ kind: 'timestamp', notation: 'time of day', decimal: '.', unit: noUnit, order: 'clock' },
    ...{ values: clocks, isDateAlone: false },
  };
  const [ymd, dmy, mdy] = readings;
  if (dateOrder !== '' || !dmy || !mdy) return [...readings, times];
  const isAmbiguous = dmy.values.length > 0 && isSame(dmy, mdy, ymd!);
  return [ymd!, isAmbiguous ? { ...dmy, notation: undecidedOrder } : dmy, mdy, times];
};

/** Whether two orders read the same cells as other days: names of months read alike in all. */
const isSame = (dmy: Reading, mdy: Reading, ymd: Reading): boolean =>
  dmy.values.length === mdy.values.length && ymd.values.length < dmy.values.length;

const datesIn = (texts: readonly Cell[], order: DateOrder): Reading => {
  const moments = texts
    .map((text) => readTimestamp(String(text), order))
    .filter((one) => one !== undefined);
  return {
    ...{ kind: 'timestamp', notation: orderNames[order], decimal: '.', unit: noUnit, order },
    values: moments.map(({ wallMs }) => wallMs),
    isDateAlone: moments.every(({ hasClock }) => !hasClock),
  };
};

const numberReadings = (texts: readonly Cell[], { decimal }: ColumnSettings): Reading[] => {
  if (decimal !== '') return [numberReading(texts, decimal)];
  const points = numberReading(texts, '.');
  if (points.values.length === texts.length && points.unit === noUnit) return [points];
  return [points, numberReading(texts, ',')];
};

/** The cells with the most frequent unit are numbers, and those without a unit. */
const numberReading = (texts: readonly Cell[], decimal: DecimalMark): Reading => {
  const byUnit = new Map<string, number[]>([[noUnit, []]]);
  for (const text of texts) {
    const number =
      typeof text === 'number' ? { value: text, unit: noUnit } : readNumber(text, decimal);
    if (number === undefined) continue;
    const values = byUnit.get(number.unit);
    if (values) values.push(number.value);
    else byUnit.set(number.unit, [number.value]);
  }
  const plain = byUnit.get(noUnit)!;
  const [unit, values] = [...byUnit].reduce(
    (best, one) => (one[1].length > best[1].length ? one : best),
    [noUnit, plain],
  );
  const marks = decimal === ',' ? ['decimal comma'] : [];
  if (unit !== noUnit) marks.push(`unit ${unit.replace('#', '')}`);
  return {
    ...{ kind: 'number', notation: marks.join(', '), decimal, unit, order: '' },
    values: unit === noUnit ? plain : [...values, ...plain],
    isDateAlone: false,
  };
};

/** Names of columns that hold the time of a row. */
const timeName =
  /(?:^|[_\W])(?:time|timestamp|ts|date|datetime|epoch|unixtime)(?:$|[_\W])|Time$|Timestamp$/;

const epochs = [
  ['seconds', 'seconds since 1970', [1e9, 2.5e9]],
  ['milliseconds', 'milliseconds since 1970', [1e12, 2.5e12]],
] as const;

/** Whole numbers of a column that is named so, or that hardly ever fall, may be moments since 1970. */
const epochOf = (found: Reading, { name = '', isTarget }: ColumnHints): Reading | undefined => {
  const { values, kind, unit } = found;
  if (kind !== 'number' || unit !== noUnit || isTarget || values.length === 0) return undefined;
  if (!timeName.test(name) && (values.length < identifierRows || !areRising(values)))
    return undefined;
  const epoch = epochs.find(([, , [from, to]]) =>
    values.every((value) => value >= from && value < to && Number.isInteger(value)),
  );
  return epoch && { ...found, kind: 'timestamp', order: epoch[0], notation: epoch[1] };
};

const areRising = (values: readonly number[]): boolean => {
  let falls = 0;
  for (let i = 1; i < values.length; i += 1) if (values[i]! < values[i - 1]!) falls += 1;
  return falls <= 0.05 * values.length && values.at(-1)! > values[0]!;
};

const rangeOf = (values: readonly number[]): [number, number] => {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
};
