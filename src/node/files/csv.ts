import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { FileInput } from './bytes.ts';
import { type CsvOptions, csvBatches } from './csv-reading.ts';
import { readFiles } from './files.ts';

/**
 * The rows of CSV or TSV files with a header, plain or gzipped, one after the other. A field that
 * reads as a number is one, an empty one is missing, another is text. A row with too few or too
 * many fields is a rejection that names its line.
 */
export const csv = (
  input: FileInput | readonly FileInput[],
  options: CsvOptions = {},
): Observable<Example> => readFiles(input, csvBatches, options);
