import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { examplesFromLines } from '../../sources/json-lines.ts';
import { SourceError } from '../../sources/source-error.ts';
import { type Line, LineSplitter } from '../../stream/lines.ts';
import { paceBatches } from '../../stream/pace.ts';
import { type ByteProgress, type FileInput, inputName, readText } from './bytes.ts';
import type { FileOptions } from './csv.ts';

/**
 * The records of files with one JSON record a line, plain or gzipped, one file after the other. A
 * line that is no record is a rejection that names it.
 */
export const ndjson = (
  input: FileInput | readonly FileInput[],
  { rejected, progress, ...options }: FileOptions = {},
): Observable<Example> => {
  const inputs = Array.isArray(input) ? (input as readonly FileInput[]) : [input as FileInput];
  const batches = { [Symbol.asyncIterator]: () => readAll(inputs, progress) };
  return paceBatches(batches, (lines) => examplesFromLines(lines, options, rejected), options);
};

const readAll = async function* (
  inputs: readonly FileInput[],
  progress: ByteProgress | undefined,
): AsyncGenerator<Line[]> {
  for (const input of inputs) {
    const splitter = new LineSplitter();
    let isEmpty = true;
    for await (const piece of readText(input, progress)) {
      if (piece.trim() !== '') isEmpty = false;
      yield splitter.push(piece);
    }
    if (isEmpty) throw new SourceError(`${inputName(input)} is empty`);
    yield splitter.end();
  }
};
