import { civilMs } from '../../sources/iso-time.ts';

/** The order of year, month and day in a date of digits. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';

/** All orders, the one that is never ambiguous first. */
export const dateOrders: readonly DateOrder[] = ['ymd', 'dmy', 'mdy'];

/** What a timestamp shows. */
export interface Moment {
  /** What the clock on the wall shows, to the second, in milliseconds since 1970. */
  readonly wallMs: number;
  /** The moment in milliseconds since 1970 in UTC. A timestamp without an offset is in UTC. */
  readonly instantMs: number;
  /** Whether there is a time of day. */
  readonly hasClock: boolean;
}

const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const clock = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?(?: ?(?<half>[AP])\.?M\.?)?`;
const zone = String.raw`(?: ?(?:Z|[A-Z]{3,4}))?(?: ?(?<offset>[+-]\d\d)(?::?(?<offsetMinute>\d\d))?)?(?: \([A-Z ]+\))?`;
const weekday = `(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?`;
const dates = [
  String.raw`(?<first>\d{1,4})(?<mark>[-/.])(?<middle>\d{1,2})\k<mark>(?<last>\d{1,4})`,
  String.raw`(?<namedDay>\d{1,2})[ \-/.]{0,2}(?<name>${months})[a-z]*[ \-/.,]{1,2}(?<namedYear>\d{4})`,
  String.raw`(?<name2>${months})[a-z]*\.? {1,2}(?<namedDay2>\d{1,2})(?:st|nd|rd|th)?,? (?<namedYear2>\d{4})`,
];

const patterns = dates.map(
  (date) => new RegExp(String.raw`^\[?${weekday}${date}(?:(?:T|:|,? +)${clock}${zone})?\]?$`, 'i'),
);

const compact = /^(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?Z?)?$/;

type Groups = Readonly<Record<string, string | undefined>>;

/** Longer than any timestamp. */
const lengthMax = 64;

/**
 * Reads a timestamp: ISO 8601 and what resembles it, dates with slashes or dots, names of months, a
 * clock of twelve hours, and the formats of common logs. `order` is that of a date of digits.
 * Undefined where the text is not a timestamp, or shows a time that does not exist.
 */
export const readTimestamp = (text: string, order: DateOrder): Moment | undefined => {
  if (text.length > lengthMax) return undefined;
  const plain = plainMoment(text, order);
  if (plain !== undefined || !hasDigits(text)) return plain;
  for (const pattern of patterns) {
    const groups = pattern.exec(text)?.groups;
    if (groups) return momentOf(dateOf(groups, order), groups);
  }
  return compactMoment(text);
};

/** Most texts are not timestamps: one that is has a digit at its start, its end or behind a name. */
const hasDigits = (text: string): boolean => /\d/.test(text);

/**
 * Reads what most timestamps are, without a pattern, which takes ten times as long: three numbers with the
 * same mark between them, and a time of day behind a space or a T. Undefined where it is not such a text.
 */
const plainMoment = (text: string, order: DateOrder): Moment | undefined => {
  if (!scan(text)) return undefined;
  const isYearFirst = order === 'ymd';
  if ((widths[isYearFirst ? 0 : 2] ?? 0) !== 4 || widths[1]! > 2) return undefined;
  if (widths[isYearFirst ? 2 : 0]! > 2) return undefined;
  const wallMs = civilMs({
    year: numbers[isYearFirst ? 0 : 2]!,
    month: numbers[order === 'mdy' ? 0 : 1]!,
    day: numbers[isYearFirst ? 2 : order === 'dmy' ? 0 : 1]!,
    hour: numbers[3]!,
    minute: numbers[4]!,
    second: numbers[5]!,
  });
  if (Number.isNaN(wallMs)) return undefined;
  return { wallMs, instantMs: wallMs, hasClock: widths[3]! > 0 };
};

/** What {@link scan} has found: the numbers of a timestamp and how many digits each has. */
const numbers = new Int32Array(6);
const widths = new Int32Array(6);

const [space, colon, bigT, zero, nine] = [32, 58, 84, 48, 57];

const scan = (text: string): boolean => {
  numbers.fill(0);
  widths.fill(0);
  let at = 0;
  let dateMark = 0;
  for (let field = 0; field < 6; field += 1) {
    const start = at;
    let value = 0;
    for (let code = text.charCodeAt(at); code >= zero && code <= nine; code = text.charCodeAt(at)) {
      value = 10 * value + (code - zero);
      at += 1;
    }
    const width = at - start;
    if (width === 0 || width > 4 || (field > 2 && width > 2)) return false;
    numbers[field] = value;
    widths[field] = width;
    if (at === text.length) return field === 2 || (field > 3 && width === 2);
    const mark = text.charCodeAt(at);
    at += 1;
    if (field === 0) dateMark = mark;
    if (!isMark(mark, field, dateMark)) return false;
  }
  return false;
};

/** Whether a character may stand behind the number of a field. */
const isMark = (mark: number, field: number, dateMark: number): boolean => {
  if (field === 0) return mark === 45 || mark === 46 || mark === 47;
  if (field === 1) return mark === dateMark;
  return field === 2 ? mark === space || mark === bigT : mark === colon;
};

interface DateParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const dateOf = (groups: Groups, order: DateOrder): DateParts | undefined => {
  const { first, middle = '', last = '' } = groups;
  if (first !== undefined) return dateOfDigits([first, middle, last], order);
  const name = (groups['name'] ?? groups['name2'] ?? '').toLowerCase();
  return {
    year: Number(groups['namedYear'] ?? groups['namedYear2']),
    month: months.split('|').indexOf(name) + 1,
    day: Number(groups['namedDay'] ?? groups['namedDay2']),
  };
};

const dateOfDigits = (
  [first, middle, last]: readonly [string, string, string],
  order: DateOrder,
): DateParts | undefined => {
  const [year, month, day] =
    order === 'ymd'
      ? [first, middle, last]
      : [last, order === 'dmy' ? middle : first, order === 'dmy' ? first : middle];
  if (day.length > 2 || month.length > 2 || (year.length !== 4 && year.length !== 2)) {
    return undefined;
  }
  // With two digits a year in front would be a day.
  if (year.length === 2 && order === 'ymd') return undefined;
  return { year: fullYear(year), month: Number(month), day: Number(day) };
};

/** A year of two digits lies between 1970 and 2069. */
const fullYear = (digits: string): number => {
  const year = Number(digits);
  if (digits.length === 4) return year;
  return year < 70 ? 2000 + year : 1900 + year;
};

const momentOf = (date: DateParts | undefined, groups: Groups): Moment | undefined => {
  if (date === undefined) return undefined;
  const { hour, minute = '0', second = '0', fraction = '', offset = '0' } = groups;
  const wallMs = civilMs({
    ...date,
    hour: hourOf(hour ?? '0', groups['half']),
    minute: Number(minute),
    second: Number(second),
  });
  if (Number.isNaN(wallMs)) return undefined;
  const minutes = Number(groups['offsetMinute'] ?? 0);
  const offsetMs = (60 * Number(offset) + (offset.startsWith('-') ? -minutes : minutes)) * 60_000;
  const fractionMs = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { wallMs, instantMs: wallMs + fractionMs - offsetMs, hasClock: hour !== undefined };
};

/** The hour from 0 to 23; 99, which does not exist, where a clock of twelve hours does not show it. */
const hourOf = (digits: string, half: string | undefined): number => {
  const hour = Number(digits);
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return 99;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
};

/** A timestamp without marks between its parts: 20260309, 20260309T083000Z. */
const compactMoment = (text: string): Moment | undefined => {
  const parts = compact.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0));
  if (year! < 1900 || year! > 2100) return undefined;
  const wallMs = civilMs({
    ...{ year: year!, month: month!, day: day! },
    ...{ hour: hour!, minute: minute!, second: second! },
  });
  if (Number.isNaN(wallMs)) return undefined;
  return { wallMs, instantMs: wallMs, hasClock: parts[4] !== undefined };
};

const clockPattern = new RegExp(`^${clock}$`, 'i');
const dottedClock = /^(?<hour>\d{1,2})\.(?<minute>\d\d)\.(?<second>\d\d)$/;

/** The time of day in milliseconds, to the second, such as 8:30 or 08.30.00; undefined for another text. */
export const readClock = (text: string): number | undefined => {
  const found =
    text.length > lengthMax ? null : (clockPattern.exec(text) ?? dottedClock.exec(text));
  const groups = found?.groups;
  if (groups === undefined) return undefined;
  return momentOf({ year: 1970, month: 1, day: 1 }, groups)?.wallMs;
};
