import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import { SampleError } from '../../stream/rejection.ts';
import type { FileInput } from './bytes.ts';
import { CsvParser } from './csv-parser.ts';
import { CsvShape } from './csv-shape.ts';
import { type FileOptions, type FileReader, readFiles } from './files.ts';

/** Options of a CSV file. */
export interface CsvOptions extends FileOptions {
  /** The character between two fields. Default: found in the header among `,` `;` tab and `|`. */
  readonly delimiter?: string;
}

/**
 * The rows of CSV or TSV files with a header, plain or gzipped, one after the other. A field that
 * reads as a number is one, an empty one is missing, another is text. A row with too few or too
 * many fields is a rejection that names its line.
 */
export const csv = (
  input: FileInput | readonly FileInput[],
  options: CsvOptions = {},
): Observable<Example> => readFiles(input, csvBatches, options);

/** Reads the text of one file as CSV. */
export const csvBatches: FileReader<CsvOptions> = async function* (
  { name, text },
  { rejected, delimiter, ...record },
) {
  const parser = new CsvParser(delimiter);
  let shape: CsvShape | undefined;
  const examples = function* (): Generator<Example> {
    for (let row = parser.next(); row !== undefined; row = parser.next()) {
      try {
        if (shape === undefined) shape = CsvShape.of(row, name, record);
        else yield shape.example(row);
      } catch (error) {
        if (!(error instanceof SampleError)) throw error;
        rejected?.next(error.at(row.line, row));
      }
    }
  };
  for await (const piece of text) {
    parser.push(piece);
    yield examples();
  }
  parser.end();
  yield examples();
  if (shape === undefined) throw new SourceError(`${name} is empty`);
};
