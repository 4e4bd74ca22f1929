import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { FileInput } from './bytes.ts';
import { readFiles } from './files.ts';
import { readNdjson } from './ndjson-reading.ts';
import type { FileOptions } from './reading.ts';

/**
 * The records of files with one JSON record a line, plain or gzipped, one file after the other. A
 * line that is no record is a rejection that names it.
 */
export const ndjson = (
  input: FileInput | readonly FileInput[],
  options: FileOptions = {},
): Observable<Example> => readFiles(readNdjson, input, options);
