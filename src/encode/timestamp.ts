import { cosOfTurns, sinOfTurns } from '../math/turns.ts';

/** The clock hands that stand for a timestamp: the same hour, and the same weekday, lie close. */
export const CYCLES = ['daySin', 'dayCos', 'weekSin', 'weekCos'] as const;

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
/** 1 January 1970 was a Thursday: weeks are counted from a Monday. */
const EPOCH_WEEKDAY = 3;

const ISO =
  /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?$/;
const WALL_CLOCK = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?/;

/**
 * The wall clock that an ISO 8601 timestamp shows, in milliseconds; NaN if the text is none.
 *
 * The offset is left aside on purpose: people and machines follow the clock on the wall, and the
 * answer must not depend on the time zone of the computer.
 */
export const wallClockMs = (text: string): number => {
  if (text.length < 10 || text[4] !== '-' || !ISO.test(text)) return NaN;
  const [, date, time] = WALL_CLOCK.exec(text)!;
  return Date.parse(time === undefined ? `${date}T00:00Z` : `${date}T${time}Z`);
};

/** Writes the four clock hands of a wall clock into x, from position `first` on. */
export const writeCycles = (x: number[], first: number, ms: number): void => {
  const days = ms / DAY_MS;
  const weeks = (days + EPOCH_WEEKDAY) / WEEK_DAYS;
  x[first] = sinOfTurns(days);
  x[first + 1] = cosOfTurns(days);
  x[first + 2] = sinOfTurns(weeks);
  x[first + 3] = cosOfTurns(weeks);
};
