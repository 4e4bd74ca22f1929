import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { CsvOptions } from './csv-reading.ts';
import { readFiles } from './files.ts';
import { readGrowing } from './growing-reading.ts';

/**
 * The rows of a file as it grows: NDJSON or CSV, not gzipped. It ends only with its subscription. A
 * line that is not finished is waited for. Rotation by renaming (logrotate's `create`) loses no row
 * and repeats none; by copying and cutting off (`copytruncate`) it may lose the latest: see
 * {@link follow}.
 */
export const tail = (path: string, options: CsvOptions = {}): Observable<Example> =>
  readFiles(readGrowing, path, options);
