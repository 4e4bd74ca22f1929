import { examplesFromLines } from '../../sources/json-lines.ts';
import { SourceError } from '../../sources/source-error.ts';
import { LineSplitter } from '../../stream/lines.ts';
import { eachFile, type FileReader } from './reading.ts';

/** Reads the text of one file as lines of JSON. */
export const ndjsonBatches: FileReader = async function* ({ name, text }, options) {
  const splitter = new LineSplitter();
  let isEmpty = true;
  for await (const piece of text) {
    if (piece.trim() !== '') isEmpty = false;
    yield examplesFromLines(splitter.push(piece), options, options.rejected);
  }
  if (isEmpty) throw new SourceError(`${name} is empty`);
  yield examplesFromLines(splitter.end(), options, options.rejected);
};

/** Reads files of JSON lines. */
export const readNdjson = eachFile('ndjson', ndjsonBatches);
