/**
 * Year, month, day; hour, minute, second, its fraction; Z, UTC or GMT, or hours and minutes from UTC.
 * Slashes between the parts of a date, an hour of one digit and a space before the zone are not
 * ISO 8601, but common and never ambiguous.
 */
const pattern =
  /^(\d{4})[-/](\d\d)[-/](\d\d)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(?: ?(?:Z|UTC|GMT)| ?([+-]\d\d)(?::?(\d\d))?)?$/;

const dayMs = 86_400_000;
const minuteMs = 60_000;

/**
 * The wall clock that an ISO 8601 timestamp shows, to the second, in milliseconds since 1970; NaN where
 * the text is no such timestamp, or shows a time that does not exist, such as 30 February.
 *
 * The offset from UTC is ignored on purpose: people and machines follow the clock on the wall, and the
 * result must not depend on the time zone of the computer. Nor must it depend on the engine, as that of
 * `Date.parse` does: a date that does not exist is another date for one and NaN for another.
 */
export const wallClockMs = (text: string): number => {
  const parts = partsOf(text);
  return parts === undefined ? Number.NaN : clockMs(parts);
};

/**
 * The moment that an ISO 8601 timestamp names, in milliseconds since 1970, without fractions of one.
 * Without an offset it is in UTC, whatever the time zone of the computer. NaN where the text is no such
 * timestamp.
 */
export const instantMs = (text: string): number => {
  const parts = partsOf(text);
  if (parts === undefined) return Number.NaN;
  const fraction = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return clockMs(parts) + fraction - offsetMs(parts);
};

type Parts = readonly (string | undefined)[];

/** Most texts are no timestamps: two characters decide. */
const partsOf = (text: string): Parts | undefined => {
  const separator = text[4];
  if (text.length < 10 || (separator !== '-' && separator !== '/')) return undefined;
  return text[7] === separator ? (pattern.exec(text) ?? undefined) : undefined;
};

const numberAt = (parts: Parts, index: number): number => Number(parts[index] ?? 0);

const clockMs = (parts: Parts): number =>
  civilMs({
    year: numberAt(parts, 1),
    month: numberAt(parts, 2),
    day: numberAt(parts, 3),
    hour: numberAt(parts, 4),
    minute: numberAt(parts, 5),
    second: numberAt(parts, 6),
  });

/** A date and a time of day, all whole numbers; months and days count from 1. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * Milliseconds between the start of 1970 and a date and time of day in the same zone; NaN for one that
 * does not exist, such as 30 February. 24:00:00 is the end of a day.
 */
export const civilMs = ({ year, month, day, hour, minute, second }: CivilTime): number => {
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  const isTime = hour < 24 ? minute < 60 && second < 60 : hour === 24 && minute + second === 0;
  if (!isDate || !isTime) return Number.NaN;
  return daysSince1970(year, month, day) * dayMs + (hour * 60 + minute) * minuteMs + second * 1000;
};

const offsetMs = (parts: Parts): number => {
  const hours = numberAt(parts, 8);
  const minutes = numberAt(parts, 9);
  if (Math.abs(hours) > 23 || minutes > 59) return Number.NaN;
  return (60 * hours + (parts[8]?.startsWith('-') ? -minutes : minutes)) * minuteMs;
};

const daysInMonth = (year: number, month: number): number => {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
};

/** Counts from March, so that a leap day is the last of its year; 719,468 days lie before 1970. */
const daysSince1970 = (year: number, month: number, day: number): number => {
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return 365 * years + leapDays + Math.floor((153 * months + 2) / 5) + day - 1 - 719_468;
};

/** The error of a text that is no time. */
export const notATime = (text: string): string =>
  `${JSON.stringify(text)} is no time: expected milliseconds since 1970, or ISO 8601 such as 2026-01-31T08:30:00Z`;
