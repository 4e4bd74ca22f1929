import { wallClockMs } from '../../sources/iso-time.ts';

/** The order of year, month and day in a date. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';

const pattern =
  /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:(?:T|,? )(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?(?: ?([AP])M)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?$/i;

/**
 * The wall clock that a timestamp of this order shows, in milliseconds since 1970, to the second. An
 * offset from UTC is ignored, as {@link wallClockMs} does. NaN where the text is not such a timestamp.
 */
export const readTimestamp = (text: string, order: DateOrder): number => {
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
