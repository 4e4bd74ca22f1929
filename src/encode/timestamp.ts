import { cosOfTurns, sinOfTurns } from '../math/turns.ts';

/** The clock hands that stand for a timestamp: the same hour, and the same weekday, lie close. */
export const CYCLES = ['daySin', 'dayCos', 'weekSin', 'weekCos'] as const;

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
/** 1 January 1970 was a Thursday: weeks are counted from a Monday. */
const EPOCH_WEEKDAY = 3;

/** Writes the four clock hands of a wall clock into x, from position `first` on. */
export const writeCycles = (x: number[], first: number, ms: number): void => {
  const days = ms / DAY_MS;
  const weeks = (days + EPOCH_WEEKDAY) / WEEK_DAYS;
  x[first] = sinOfTurns(days);
  x[first + 1] = cosOfTurns(days);
  x[first + 2] = sinOfTurns(weeks);
  x[first + 3] = cosOfTurns(weeks);
};
