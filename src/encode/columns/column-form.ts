import type { DecimalMark } from './numbers.ts';
import type { DateOrder } from './timestamps.ts';

/**
 * What the values of a column are. An `identifier` has a new text in nearly every row, an `empty` column
 * has no value yet, a `dropped` one is left out because the user said so.
 */
export type ColumnKind = 'number' | 'timestamp' | 'category' | 'identifier' | 'empty' | 'dropped';

/** How the moments of a column are written: the order of a date, a time of day alone, or since 1970. */
export type TimestampOrder = DateOrder | 'clock' | 'seconds' | 'milliseconds';

/** How the cells of a column are read. Plain data, part of a checkpoint. */
export type ColumnForm = {
  /** What its values are. */
  readonly kind: ColumnKind;
  /** How it is written, such as `decimal comma, unit %` or `day/month/year`; empty where plain. */
  readonly notation: string;
  /** Of a number: the character before its fraction. */
  readonly decimal: DecimalMark;
  /** Of a number: its currency and its unit, separated by `#`. A cell may lack it. */
  readonly unit: string;
  /** Of a timestamp: how it is written; empty for another kind. */
  readonly order: TimestampOrder | '';
};
