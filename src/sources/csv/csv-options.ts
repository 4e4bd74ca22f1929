import type { RowOptions } from '../row-reader.ts';
import { checkEncoding } from '../text-encoding.ts';
import { checkDelimiter } from './csv-parser.ts';

/** Options of a CSV text. */
export interface CsvOptions extends RowOptions {
  /**
   * The character between two fields. Default: the one of `,` `;` tab `|` and space that cuts the first
   * rows into the same number of fields.
   */
  readonly delimiter?: string;
  /**
   * Whether the first row names the columns (default true), or the names of the columns of a text without
   * a header. With `false` they are called `column1`, `column2`, …, and the last one is the target unless
   * `target` names another.
   */
  readonly header?: boolean | readonly string[];
}

/** Throws a RangeError where an option cannot be meant. */
export const checkCsvOptions = ({ delimiter, header, ...options }: CsvOptions): void => {
  checkEncoding(options);
  if (delimiter !== undefined) checkDelimiter(delimiter);
  if (!Array.isArray(header)) return;
  const bad = header.find((name, i) => name === '' || header.indexOf(name) !== i);
  if (bad === undefined && header.length > 0) return;
  throw new RangeError('header: expected names of columns, none empty and none twice');
};
