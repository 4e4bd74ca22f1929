import type { Observable } from 'rxjs';
import { csvBatches } from '../../../sources/csv/csv-batches.ts';
import type { Example } from '../../../sources/example.ts';
import type { FileInput } from './bytes.ts';
import { type CsvFileOptions, readFiles } from './files.ts';

/**
 * The rows of CSV or TSV files with a header, plain or gzipped, one after the other. A field that
 * reads as a number is one, an empty one is missing, another is text. A row with too few or too
 * many fields is a rejection that names its line; it may come some rows ahead of its turn.
 */
export const csv = (
  input: FileInput | readonly FileInput[],
  options: CsvFileOptions = {},
): Observable<Example> => readFiles(input, csvBatches, options);
