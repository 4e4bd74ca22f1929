import type { Observable } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { recordBatches } from '../../../sources/record-batches.ts';
import type { FileInput } from './bytes.ts';
import { type CsvFileOptions, readFiles } from './files.ts';

/** The rows of files, each of them NDJSON where it begins with a brace, else CSV. */
export const records = (
  input: FileInput | readonly FileInput[],
  options: CsvFileOptions = {},
): Observable<Example> => readFiles(input, recordBatches, options);
