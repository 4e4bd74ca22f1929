import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { FileInput } from './bytes.ts';
import type { CsvOptions } from './csv-reading.ts';
import { readFiles } from './files.ts';
import { readRecords } from './records-reading.ts';

/** The rows of files, each of them NDJSON where it begins with a brace, else CSV. */
export const records = (
  input: FileInput | readonly FileInput[],
  options: CsvOptions = {},
): Observable<Example> => readFiles(readRecords, input, options);
