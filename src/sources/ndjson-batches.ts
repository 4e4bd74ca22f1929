import { LineSplitter } from '../stream/lines.ts';
import { decoded } from './decoded.ts';
import { examplesFromLines } from './json-lines.ts';
import type { RowReader } from './row-reader.ts';
import { SourceError } from './source-error.ts';
import { readableText } from './text-encoding.ts';

/** Reads one file as lines of JSON. */
export const ndjsonBatches: RowReader = (file, options) =>
  ndjsonLines(readableText(file, options), options);

/** Reads one text in UTF-8 as lines of JSON. */
export const ndjsonLines: RowReader = async function* ({ name, bytes }, options) {
  const splitter = new LineSplitter();
  let isEmpty = true;
  for await (const piece of decoded(bytes)) {
    if (piece.trim() !== '') isEmpty = false;
    yield examplesFromLines(splitter.push(piece), options, options.rejected);
  }
  if (isEmpty) throw new SourceError(`${name} is empty`);
  yield examplesFromLines(splitter.end(), options, options.rejected);
};
