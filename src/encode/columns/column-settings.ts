import type { DecimalMark } from './numbers.ts';
import { type DateOrder, dateOrders } from './timestamps.ts';

/** What a user says about columns, where the data alone does not. All names are names of columns. */
export interface ColumnOptions {
  /** More marks of a missing value, such as `-200`, as they are written. Default: the common ones alone. */
  readonly missing?: readonly string[];
  /** Columns of numbers. A cell that is not a number is missing. Default: inferred. */
  readonly number?: readonly string[];
  /** Columns of categories, such as postal codes; each cell is a text as it is written. Default: inferred. */
  readonly text?: readonly string[];
  /** Columns that are left out. Default: identifiers. */
  readonly drop?: readonly string[];
  /** The only columns that are features. Default: all. */
  readonly columns?: readonly string[];
  /** The character before the fraction of a number: `.` or `,`. Default: inferred for each column. */
  readonly decimal?: DecimalMark;
  /** The order of year, month and day in dates: `ymd`, `dmy` or `mdy`. Default: inferred for each column. */
  readonly dateOrder?: DateOrder;
  /** The column with the time of a row, which stays a feature. Default: none. */
  readonly time?: string;
}

/** {@link ColumnOptions} as plain data, complete; an empty text where there is none. */
export type ColumnSettings = {
  /** More marks of a missing value. */
  readonly missing: readonly string[];
  /** Columns of numbers. */
  readonly number: readonly string[];
  /** Columns of categories. */
  readonly text: readonly string[];
  /** Columns that are left out. */
  readonly drop: readonly string[];
  /** The only columns that are features; empty: all. */
  readonly columns: readonly string[];
  /** The character before the fraction of a number. */
  readonly decimal: DecimalMark | '';
  /** The order of year, month and day. */
  readonly dateOrder: DateOrder | '';
  /** The column with the time of a row. */
  readonly time: string;
};

/** Nothing was said. */
export const noColumnSettings: ColumnSettings = {
  ...{ missing: [], number: [], text: [], drop: [], columns: [] },
  ...{ decimal: '', dateOrder: '', time: '' },
};

const lists = ['missing', 'number', 'text', 'drop', 'columns'] as const;

/** The settings that options make. Throws a TypeError where an option is invalid. */
export const columnSettings = (options: ColumnOptions): ColumnSettings => {
  for (const name of lists) {
    const list: unknown = options[name] ?? [];
    if (!Array.isArray(list) || !list.every((one) => typeof one === 'string')) {
      throw new TypeError(`${name}: expected a list of texts, got ${JSON.stringify(list)}`);
    }
  }
  const { decimal = '', dateOrder = '', time = '' } = options;
  if (decimal !== '' && decimal !== '.' && decimal !== ',') {
    throw new TypeError(`decimal: expected '.' or ',', got ${JSON.stringify(decimal)}`);
  }
  if (dateOrder !== '' && !dateOrders.includes(dateOrder)) {
    throw new TypeError(
      `dateOrder: expected ${dateOrders.join(', ')}, got ${JSON.stringify(dateOrder)}`,
    );
  }
  refuseTwice(options);
  const { missing = [], number = [], text = [], drop = [], columns = [] } = options;
  return { missing, number, text, drop, columns, decimal, dateOrder, time };
};

const refuseTwice = ({ number = [], text = [] }: ColumnOptions): void => {
  const both = number.find((name) => text.includes(name));
  if (both === undefined) return;
  throw new TypeError(
    `text: column ${JSON.stringify(both)} is also in number: name it in one of them`,
  );
};
