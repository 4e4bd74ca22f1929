import type { Observable } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { ndjsonBatches } from '../../../sources/ndjson-batches.ts';
import type { FileInput } from './bytes.ts';
import { type FileOptions, readFiles } from './files.ts';

/**
 * The records of files with one JSON record a line, plain or gzipped, one file after the other. A
 * line that is no record is a rejection that names it.
 */
export const ndjson = (
  input: FileInput | readonly FileInput[],
  options: FileOptions = {},
): Observable<Example> => readFiles(input, ndjsonBatches, options);
