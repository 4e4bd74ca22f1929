import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { examplesFromLines } from '../../sources/json-lines.ts';
import { SourceError } from '../../sources/source-error.ts';
import { LineSplitter } from '../../stream/lines.ts';
import type { FileInput } from './bytes.ts';
import { decoded } from './decoded.ts';
import { type FileOptions, type FileReader, readFiles } from './files.ts';

/**
 * The records of files with one JSON record a line, plain or gzipped, one file after the other. A
 * line that is no record is a rejection that names it.
 */
export const ndjson = (
  input: FileInput | readonly FileInput[],
  options: FileOptions = {},
): Observable<Example> => readFiles(input, ndjsonBatches, options);

/** Reads one file as lines of JSON. */
export const ndjsonBatches: FileReader = async function* ({ name, bytes }, options) {
  const splitter = new LineSplitter();
  let isEmpty = true;
  for await (const piece of decoded(bytes)) {
    if (piece.trim() !== '') isEmpty = false;
    yield examplesFromLines(splitter.push(piece), options, options.rejected);
  }
  if (isEmpty) throw new SourceError(`${name} is empty`);
  yield examplesFromLines(splitter.end(), options, options.rejected);
};
