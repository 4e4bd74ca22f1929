import { SourceError } from '../source-error.ts';
import { type CsvLayout, namesOf } from './csv-layout.ts';

/** Names for columns, and what was changed to make them. */
export interface ColumnNames {
  readonly names: readonly string[];
  /** One sentence for each change, such as that a second `temp` was renamed. */
  readonly notices: readonly string[];
}

/** What a column without a name is called, by its position from 0. */
export const positionName = (index: number): string => `column${index + 1}`;

/**
 * Names for the columns that a header names. A name that is missing or comes twice is replaced. Empty
 * names at the end count only where a row has a value there, since spreadsheets write `a;b;;`. Where all
 * rows have one field more, the first column has no name, as R writes it.
 */
export const headerNames = (
  header: readonly string[],
  { fieldCount, filledCount, isConstant }: CsvLayout,
): ColumnNames => {
  const named = namesOf(header);
  const last = named.findLastIndex((name) => name !== '') + 1;
  const isWider = fieldCount === named.length + 1 && filledCount === fieldCount;
  const hasRowNames = isWider && isConstant;
  const all = hasRowNames ? ['', ...named] : named.slice(0, Math.max(last, filledCount));
  return distinct(all);
};

/** The fields, with each name that is missing or comes twice replaced. */
const distinct = (all: readonly string[]): ColumnNames => {
  const taken = new Set(all);
  const seen = new Set<string>();
  const notices: string[] = [];
  const names = all.map((name, i) => {
    if (name !== '' && !seen.has(name)) {
      seen.add(name);
      return name;
    }
    const found = free(name === '' ? positionName(i) : `${name}_2`, taken);
    taken.add(found);
    const why = name === '' ? 'has no name' : `is another '${name}'`;
    notices.push(`column ${i + 1} ${why}: it is called ${found}`);
    return found;
  });
  return { names, notices };
};

/** A name that no column has: the number at its end is counted up. */
const free = (name: string, taken: ReadonlySet<string>): string => {
  const stem = name.replace(/\d+$/, '');
  let number = Number(name.slice(stem.length));
  while (taken.has(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
};

/** Names for the columns of a text without a header. Throws a SourceError where too few or too many are given. */
export const givenNames = (
  source: string,
  header: false | readonly string[],
  { fieldCount, filledCount }: Pick<CsvLayout, 'fieldCount' | 'filledCount'>,
): readonly string[] => {
  if (header === false) return Array.from({ length: filledCount }, (_, i) => positionName(i));
  if (header.length >= filledCount && header.length <= fieldCount) return header;
  throw new SourceError(
    `${source} has ${filledCount} columns, and ${header.length} names are given: ${header.join(', ')}`,
  );
};
