import type { Observable } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { chainBytes, recordBatches } from '../../../sources/record-batches.ts';
import type { NamedBytes, RowReader } from '../../../sources/row-reader.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { type CsvFileOptions, readEach } from './files.ts';
import { CutOff, type FollowOptions, follow } from './follow.ts';

/** Options of {@link tail}. */
export interface TailOptions extends CsvFileOptions, Pick<FollowOptions, 'place' | 'events'> {}

/**
 * The rows of a file as it grows: NDJSON or CSV; one that is gzipped is a SourceError. It ends only with
 * its subscription. A line that is not finished is waited for, and thrown away if it is cut off. Rotation
 * by renaming (logrotate's `create`) loses no row and repeats none; by copying and cutting off
 * (`copytruncate`) it may lose the latest: see {@link follow}.
 */
export const tail = (
  path: string,
  { place, events, ...options }: TailOptions = {},
): Observable<Example> => {
  const { progress } = options;
  return readEach(
    (signal) => begun(path, follow(path, { signal, progress, place, events })),
    untilCutOff,
    options,
  );
};

/** The one file that is to be followed, of those that a person has named. Throws a SourceError. */
export const followedFile = ([file = '-', ...others]: readonly string[]): string => {
  if (others.length > 0) {
    throw new SourceError('several sources must all be files that end: --follow');
  }
  if (file === '-') throw new SourceError('standard input cannot be followed: name a file');
  return file;
};

/** The files in which there is something: one may be replaced before. */
const begun = async function* (
  path: string,
  files: AsyncIterable<NamedBytes>,
): AsyncGenerator<NamedBytes> {
  let isFirst = true;
  for await (const { name, bytes } of files) {
    const pieces = bytes[Symbol.asyncIterator]();
    const first = await pieces.next();
    if (first.done) continue;
    if (!isGzipped(first.value)) yield { name, bytes: chainBytes(first.value, pieces) };
    else if (isFirst) throw new SourceError(`${path} is gzipped: such a file cannot be followed`);
    // One that comes later is what somebody made of a file that has been read.
    else await pieces.return?.();
    isFirst = false;
  }
};

/** No text begins with the first of gzip's two magic bytes, if only one has been written yet. */
const isGzipped = ([first, second = 0x8b]: Uint8Array): boolean =>
  first === 0x1f && second === 0x8b;

const untilCutOff: RowReader<CsvFileOptions> = async function* (file, options) {
  try {
    yield* recordBatches(file, options);
  } catch (error) {
    if (!(error instanceof CutOff)) throw error;
  }
};
