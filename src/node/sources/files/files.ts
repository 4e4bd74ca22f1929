import { finalize, type Observable } from 'rxjs';
import { type CsvOptions, checkCsvOptions } from '../../../sources/csv/csv-options.ts';
import type { Example } from '../../../sources/example.ts';
import type { NamedBytes } from '../../../sources/named-bytes.ts';
import type { RowOptions, RowReader } from '../../../sources/row-reader.ts';
import { abortable } from '../../../stream/abortable.ts';
import { destroyStream } from '../../../stream/destroy.ts';
import { paceBatches } from '../../../stream/pace.ts';
import { type ByteProgress, type FileInput, inputName, readBytes } from './bytes.ts';

/** Options of every source that reads files. */
export interface FileOptions extends RowOptions {
  /** Kept up to date with how far the files have been read. */
  readonly progress?: ByteProgress;
}

/** Options of sources that read files of CSV. */
export interface CsvFileOptions extends CsvOptions, FileOptions {}

/**
 * The examples of one file, or of several, one file after the other. Streams among them are destroyed at
 * the end of the subscription.
 */
export const readFiles = <Options extends FileOptions>(
  input: FileInput | readonly FileInput[],
  reader: RowReader<Options>,
  options: Options,
): Observable<Example> => {
  checkCsvOptions(options);
  const inputs = Array.isArray(input) ? (input as readonly FileInput[]) : [input as FileInput];
  const { progress } = options;
  // A file is opened when its first piece is requested.
  const open = (signal: AbortSignal): NamedBytes[] =>
    inputs.map((one) => ({ name: inputName(one), bytes: readBytes(one, { progress, signal }) }));
  // A reader that was never asked for anything closes nothing.
  const close = (): void => {
    for (const one of inputs) if (typeof one !== 'string') destroyStream(one);
  };
  return readEach(open, reader, options).pipe(finalize(close));
};

/** The examples of files as they come. The signal says that nobody wants more. */
export const readEach = <Options extends FileOptions>(
  open: (signal: AbortSignal) => Iterable<NamedBytes> | AsyncIterable<NamedBytes>,
  reader: RowReader<Options>,
  options: Options,
): Observable<Example> => {
  const batches = abortable(async function* (signal): AsyncGenerator<Iterable<Example>, undefined> {
    for await (const file of open(signal)) yield* reader(file, options);
  });
  return paceBatches(batches, (examples) => examples, options);
};
