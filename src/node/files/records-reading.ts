import { type CsvOptions, csvBatches } from './csv-reading.ts';
import { ndjsonBatches } from './ndjson-reading.ts';
import { eachFile, type FileReader } from './reading.ts';

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

/** Reads files of either kind. */
export const readRecords = eachFile('records', recordBatches);

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
