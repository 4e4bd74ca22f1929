import type { Command } from 'commander';
import { checkDelimiter } from '../../../sources/csv/csv-parser.ts';
import { checkEncoding } from '../../../sources/text-encoding.ts';
import { Misuse } from '../terminal/misuse.ts';

/** Gives a command the options that say how the text of a CSV is to be read. */
export const withTextOptions = (command: Command): Command =>
  command
    .option(
      '--delimiter <character>',
      'the character between the fields of a CSV; \\t is a tab (default: inferred from the first rows)',
      delimiterOf,
    )
    .option(
      '--no-header',
      'the first row of a CSV names no columns: they are column1, column2, …, and the last one is the target',
    )
    .option('--header <names>', 'the names of the columns of a CSV without a header', namesOf)
    .option(
      '--encoding <label>',
      'the encoding of the text, such as latin1 or utf-16le (default: UTF-8)',
      encodingOf,
    );

const delimiterOf = (text: string): string => {
  const delimiter = text === '\\t' || text === 'tab' ? '\t' : text;
  checkDelimiter(delimiter);
  return delimiter;
};

const encodingOf = (encoding: string): string => {
  checkEncoding({ encoding });
  return encoding;
};

/** Names with commas between them. */
const namesOf = (text: string): string[] => {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('') || new Set(names).size < names.length) {
    throw new Misuse(
      '--header: expected names with commas between them, none empty and none twice',
    );
  }
  return names;
};
