import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { CsvOptions } from './csv.ts';
import { type Reading, readFiles, type TextFile } from './files.ts';
import { follow } from './follow.ts';
import { recordBatches } from './records.ts';

/**
 * The rows of a file as it grows: NDJSON or CSV, not gzipped. It ends only with its subscription. A
 * line that is not finished is waited for. Rotation by renaming (logrotate's `create`) loses no row
 * and repeats none; by copying and cutting off (`copytruncate`) it may lose the latest: see
 * {@link follow}.
 */
export const tail = (path: string, options: CsvOptions = {}): Observable<Example> =>
  readFiles(readGrowing, path, options);

/** Reads a file as it grows, and those that take its name after it. */
export const readGrowing: Reading<CsvOptions, string> = {
  name: 'growing',
  async *batches([path = ''], options) {
    for await (const file of follow(path, options)) {
      const written = await begun(file);
      if (written !== undefined) yield* recordBatches(written, options);
    }
    return undefined;
  },
};

/** The file, once something is in it; undefined where it is replaced before. */
const begun = async ({ name, text }: TextFile): Promise<TextFile | undefined> => {
  const pieces = text[Symbol.asyncIterator]();
  const first = await pieces.next();
  if (first.done) return undefined;
  const all = async function* (): AsyncGenerator<string> {
    try {
      yield first.value;
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
    } finally {
      await pieces.return?.();
    }
  };
  return { name, text: all() };
};
