import { SampleError } from '../../stream/rejection.ts';
import { isCommentText } from './csv-layout.ts';
import type { CsvRow } from './csv-row.ts';

/**
 * Makes a row one of so many fields: those that are missing at its end are empty. Returns whether it is a
 * row, and not a comment. Throws a SampleError where it has more that are not empty, or no delimiter at all, which is rather a line of another kind.
 */
export const fitRow = (row: CsvRow, length: number): boolean => {
  if (isCommentText(row.field(0))) return false;
  const { fieldCount } = row;
  const isShort = fieldCount > 1 && fieldCount < length;
  if (!isShort && !hasEmptySurplus(row, length)) {
    throw new SampleError('shape', `expected ${length} fields, got ${fieldCount}`);
  }
  row.fill(length);
  return true;
};

/** Whether a row has more fields than columns, and they are all empty. */
const hasEmptySurplus = (row: CsvRow, length: number): boolean => {
  if (row.fieldCount < length) return false;
  for (let at = length; at < row.fieldCount; at += 1) {
    if (row.value(at) !== null) return false;
  }
  return true;
};
