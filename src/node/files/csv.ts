import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { type RejectionSink, SampleError } from '../../stream/rejection.ts';
import type { FileInput } from './bytes.ts';
import { CsvParser, type CsvRow } from './csv-parser.ts';
import { CsvShape } from './csv-shape.ts';
import { type FileOptions, type FileReader, readFiles } from './files.ts';

/** Options of {@link csv}. */
export interface CsvOptions extends FileOptions {
  /** What stands between two fields. Default: found in the header among `,` `;` tab and `|`. */
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
  { name, text: pieces },
  { rejected, delimiter, ...record },
) {
  let shape: CsvShape | undefined;
  let parser: CsvParser | undefined;
  let text = '';
  const examplesOf = (rows: CsvRow[]): Iterable<Example> => {
    shape ??= CsvShape.of(rows.shift(), name, record);
    return examples(shape, rows, rejected);
  };
  for await (const piece of pieces) {
    text += piece;
    // The delimiter is found in the whole first line.
    if (parser === undefined && !text.includes('\n')) continue;
    parser ??= new CsvParser(delimiter ?? findDelimiter(text));
    const rows = parser.push(text);
    text = '';
    if (rows.length > 0) yield examplesOf(rows);
  }
  parser ??= new CsvParser(delimiter ?? findDelimiter(text));
  const rows = [...parser.push(text), ...parser.end()];
  if (shape === undefined || rows.length > 0) yield examplesOf(rows);
};

const findDelimiter = (text: string): string => {
  const newline = text.indexOf('\n');
  const header = (newline < 0 ? text : text.slice(0, newline)).replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => header.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((best, next) => (count(next) > count(best) ? next : best));
};

const examples = function* (
  shape: CsvShape,
  rows: readonly CsvRow[],
  rejected: RejectionSink | undefined,
): Generator<Example> {
  for (const row of rows) {
    try {
      yield shape.example(row);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      rejected?.next(error.at(row.line, row));
    }
  }
};
