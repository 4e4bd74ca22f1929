import type { Observable } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { SourceError } from '../../../sources/source-error.ts';
import { SampleError } from '../../../stream/rejection.ts';
import type { FileInput } from '../bytes.ts';
import { type FileOptions, type FileReader, readFiles } from '../files.ts';
import { CsvParser } from './csv-parser.ts';
import type { CsvRow } from './csv-row.ts';
import { CsvShape } from './csv-shape.ts';

/** Options of a CSV file. */
export interface CsvOptions extends FileOptions {
  /** The character between two fields. Default: found in the header among `,` `;` tab and `|`. */
  readonly delimiter?: string;
}

/**
 * The rows of CSV or TSV files with a header, plain or gzipped, one after the other. A field that
 * reads as a number is one, an empty one is missing, another is text. A row with too few or too
 * many fields is a rejection that names its line; it may come some rows ahead of its turn.
 */
export const csv = (
  input: FileInput | readonly FileInput[],
  options: CsvOptions = {},
): Observable<Example> => readFiles(input, csvBatches, options);

/**
 * So many rows are read before they go on. To change to and fro between reading and learning for each
 * row would throw the code of the one and of the other out of the cache.
 */
const rowsAtOnce = 128;

/** Reads one file as CSV. */
export const csvBatches: FileReader<CsvOptions> = async function* (
  { name, bytes },
  { rejected, delimiter, ...record },
) {
  const parser = new CsvParser(delimiter);
  let shape: CsvShape | undefined;
  const exampleOf = (row: CsvRow): Example | undefined => {
    try {
      if (shape !== undefined) return shape.example(row);
      shape = CsvShape.of(row, name, record);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      rejected?.next(error.at(row.line, row, row.fields()));
    }
    return undefined;
  };
  const nextExamples = (): Example[] => {
    const examples: Example[] = [];
    while (examples.length < rowsAtOnce) {
      const row = parser.next();
      if (row === undefined) break;
      const example = exampleOf(row);
      if (example !== undefined) examples.push(example);
    }
    return examples;
  };
  const batches = function* (): Generator<Example[]> {
    for (let some = nextExamples(); some.length > 0; some = nextExamples()) yield some;
  };
  for await (const piece of bytes) {
    parser.push(piece);
    yield* batches();
  }
  parser.end();
  yield* batches();
  if (shape === undefined) throw new SourceError(`${name} is empty`);
};
