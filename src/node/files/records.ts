import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { FileInput } from './bytes.ts';
import { type CsvOptions, csvBatches } from './csv.ts';
import { type FileReader, readFiles } from './files.ts';
import { ndjsonBatches } from './ndjson.ts';

/** The rows of files, each of them NDJSON where it begins with a brace, else CSV. */
export const records = (
  input: FileInput | readonly FileInput[],
  options: CsvOptions = {},
): Observable<Example> => readFiles(input, recordBatches, options);

/** Reads the text of one file as NDJSON or CSV, as its first character says. */
export const recordBatches: FileReader<CsvOptions> = async function* ({ name, text }, options) {
  const pieces = text[Symbol.asyncIterator]();
  let head = '';
  while (head.trim() === '') {
    const { done, value } = await pieces.next();
    if (done) break;
    head += value;
  }
  const reader = head.trimStart().startsWith('{') ? ndjsonBatches : csvBatches;
  yield* reader({ name, text: chain(head, pieces) }, options);
};

/** A text whose head has been read already. Closes the rest with itself. */
export const chain = async function* (
  head: string,
  rest: AsyncIterator<string>,
): AsyncGenerator<string> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
};
