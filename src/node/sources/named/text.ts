import type { CsvOptions } from '../../../sources/csv/csv-options.ts';
import { defined } from '../../../stream/defined.ts';
import type { SourceOptions } from '../source-options.ts';

/** The options of every source that reads a text. */
export const textOptions = [
  'delimiter',
  'header',
  'encoding',
] as const satisfies readonly (keyof SourceOptions)[];

/** How the text of a source is to be read. */
export const texts = ({
  delimiter,
  header,
  encoding,
}: Pick<SourceOptions, (typeof textOptions)[number]>): Pick<
  CsvOptions,
  (typeof textOptions)[number]
> => defined({ delimiter, header, encoding });
