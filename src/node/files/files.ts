import { finalize, type Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { RecordOptions } from '../../sources/record.ts';
import { abortable } from '../../stream/abortable.ts';
import { destroyStream } from '../../stream/destroy.ts';
import { type PaceOptions, paceBatches } from '../../stream/pace.ts';
import type { RejectionSink } from '../../stream/rejection.ts';
import { type ByteProgress, type FileInput, inputName, readBytes } from './bytes.ts';

/** Options of every source that reads files. */
export interface FileOptions extends RecordOptions, PaceOptions {
  /** Where rows go that cannot be read. Default: they are left out. */
  readonly rejected?: RejectionSink;
  /** Kept up to date with how far the files have been read. */
  readonly progress?: ByteProgress;
}

/** One file: what a person calls it, and its bytes in pieces. */
export interface OpenFile {
  readonly name: string;
  /** Each piece is good until the next one is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads one file, many examples at a time. */
export type FileReader<Options extends FileOptions = FileOptions> = (
  file: OpenFile,
  options: Options,
) => AsyncIterable<Iterable<Example>>;

/**
 * The examples of one file, or of several, one file after the other. Streams among them are destroyed at
 * the end of the subscription.
 */
export const readFiles = <Options extends FileOptions>(
  input: FileInput | readonly FileInput[],
  reader: FileReader<Options>,
  options: Options,
): Observable<Example> => {
  const inputs = Array.isArray(input) ? (input as readonly FileInput[]) : [input as FileInput];
  const { progress } = options;
  // A file is opened when it is asked for its first piece.
  const open = (signal: AbortSignal): OpenFile[] =>
    inputs.map((one) => ({ name: inputName(one), bytes: readBytes(one, { progress, signal }) }));
  // A reader that was never asked for anything closes nothing.
  const close = (): void => {
    for (const one of inputs) if (typeof one !== 'string') destroyStream(one);
  };
  return readEach(open, reader, options).pipe(finalize(close));
};

/** The examples of files as they come. The signal says that nobody wants more. */
export const readEach = <Options extends FileOptions>(
  open: (signal: AbortSignal) => Iterable<OpenFile> | AsyncIterable<OpenFile>,
  reader: FileReader<Options>,
  options: Options,
): Observable<Example> => {
  const batches = abortable(async function* (signal): AsyncGenerator<Iterable<Example>, undefined> {
    for await (const file of open(signal)) yield* reader(file, options);
  });
  return paceBatches(batches, (examples) => examples, options);
};
