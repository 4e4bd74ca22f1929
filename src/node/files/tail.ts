import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { CsvOptions } from './csv/csv.ts';
import { type OpenFile, readEach } from './files.ts';
import { follow } from './follow.ts';
import { chain, recordBatches } from './records.ts';

/**
 * The rows of a file as it grows: NDJSON or CSV, not gzipped. It ends only with its subscription. A
 * line that is not finished is waited for. Rotation by renaming (logrotate's `create`) loses no row
 * and repeats none; by copying and cutting off (`copytruncate`) it may lose the latest: see
 * {@link follow}.
 */
export const tail = (path: string, options: CsvOptions = {}): Observable<Example> =>
  readEach(
    (signal) => begun(follow(path, { signal, progress: options.progress })),
    recordBatches,
    options,
  );

/** The files in which there is something: one may be replaced before. */
const begun = async function* (files: AsyncIterable<OpenFile>): AsyncGenerator<OpenFile> {
  for await (const { name, bytes } of files) {
    const pieces = bytes[Symbol.asyncIterator]();
    const first = await pieces.next();
    if (!first.done) yield { name, bytes: chain(first.value, pieces) };
  }
};
