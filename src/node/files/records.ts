import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import type { FileInput } from './bytes.ts';
import { type CsvOptions, csvBatches } from './csv/csv.ts';
import { type FileReader, readFiles } from './files.ts';
import { ndjsonBatches } from './ndjson.ts';

/** The rows of files, each of them NDJSON where it begins with a brace, else CSV. */
export const records = (
  input: FileInput | readonly FileInput[],
  options: CsvOptions = {},
): Observable<Example> => readFiles(input, recordBatches, options);

/** Reads one file as NDJSON or CSV, as its first character says. */
export const recordBatches: FileReader<CsvOptions> = async function* ({ name, bytes }, options) {
  const pieces = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (textOf(head) === '') {
    const { done, value } = await pieces.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  refuseOthers(name, head);
  const reader = textOf(head).startsWith('{') ? ndjsonBatches : csvBatches;
  yield* reader({ name, bytes: chain(head, pieces) }, options);
};

/** As CSV they would be a header of nonsense. */
const refuseOthers = (name: string, head: Buffer): void => {
  if (['fffe', 'feff'].includes(head.toString('hex', 0, 2))) {
    throw new SourceError(
      `${name} is UTF-16: it must be UTF-8, as iconv -f UTF-16 -t UTF-8 makes it`,
    );
  }
  if (/^\[\s*[{[\]]/.test(textOf(head))) {
    throw new SourceError(
      `${name} is one JSON array: it must be a record a line, as jq -c '.[]' makes it`,
    );
  }
};

/** The text that a file begins with, from the first character on that can be seen. */
const textOf = (head: Buffer): string =>
  new TextDecoder().decode(head, { stream: true }).trimStart();

/** Bytes of which the head has been read already. Closes the rest with itself. */
export const chain = async function* (
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
};
