import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { RecordOptions } from '../../sources/record.ts';
import { SourceError } from '../../sources/source-error.ts';
import { type PaceOptions, paceBatches } from '../../stream/pace.ts';
import { type RejectionSink, SampleError } from '../../stream/rejection.ts';
import { type ByteProgress, type FileInput, inputName, readText } from './bytes.ts';
import { CsvParser, type CsvRow } from './csv-parser.ts';
import { CsvShape } from './csv-shape.ts';

/** Options of every source that reads lines. */
export interface FileOptions extends RecordOptions, PaceOptions {
  /** Where rows go that cannot be read. Default: they are left out. */
  readonly rejected?: RejectionSink;
  /** Kept up to date with how far the file has been read. */
  readonly progress?: ByteProgress;
}

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
  { rejected, progress, ...options }: CsvOptions = {},
): Observable<Example> => {
  const inputs = Array.isArray(input) ? (input as readonly FileInput[]) : [input as FileInput];
  const batches = { [Symbol.asyncIterator]: () => readAll(inputs, { ...options, progress }) };
  return paceBatches(batches, ({ shape, rows }) => examples(shape, rows, rejected), options);
};

interface Batch {
  readonly shape: CsvShape;
  readonly rows: readonly CsvRow[];
}

interface ReadOptions extends RecordOptions {
  readonly delimiter?: string;
  readonly progress: ByteProgress | undefined;
}

const readAll = async function* (
  inputs: readonly FileInput[],
  options: ReadOptions,
): AsyncGenerator<Batch> {
  for (const input of inputs) yield* readOne(input, options);
};

const readOne = async function* (
  input: FileInput,
  { progress, delimiter, ...record }: ReadOptions,
): AsyncGenerator<Batch> {
  let shape: CsvShape | undefined;
  let parser: CsvParser | undefined;
  let text = '';
  const header = (rows: CsvRow[]): CsvShape => CsvShape.of(rows.shift(), inputName(input), record);
  for await (const piece of readText(input, progress)) {
    text += piece;
    // The delimiter is found in the whole first line.
    if (parser === undefined && !text.includes('\n')) continue;
    parser ??= new CsvParser(delimiter ?? findDelimiter(text));
    const rows = parser.push(text);
    text = '';
    if (rows.length === 0) continue;
    shape ??= header(rows);
    yield { shape, rows };
  }
  parser ??= new CsvParser(delimiter ?? findDelimiter(text));
  const rows = [...parser.push(text), ...parser.end()];
  if (shape === undefined && rows.length === 0)
    throw new SourceError(`${inputName(input)} is empty`);
  shape ??= header(rows);
  yield { shape, rows };
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
