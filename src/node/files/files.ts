import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import type { RecordOptions } from '../../sources/record.ts';
import { abortable } from '../../stream/abortable.ts';
import { type PaceOptions, paceBatches } from '../../stream/pace.ts';
import type { RejectionSink } from '../../stream/rejection.ts';
import { type ByteProgress, type FileInput, inputName, readText } from './bytes.ts';

/** Options of every source that reads files. */
export interface FileOptions extends RecordOptions, PaceOptions {
  /** Where rows go that cannot be read. Default: they are left out. */
  readonly rejected?: RejectionSink;
  /** Kept up to date with how far the files have been read. */
  readonly progress?: ByteProgress;
}

/** One file: what a person calls it, and its text in pieces. */
export interface TextFile {
  readonly name: string;
  readonly text: AsyncIterable<string>;
}

/** Reads the text of one file, many examples at a time. */
export type FileReader<Options extends FileOptions = FileOptions> = (
  file: TextFile,
  options: Options,
) => AsyncIterable<Iterable<Example>>;

/** The examples of one file, or of several, one file after the other. */
export const readFiles = <Options extends FileOptions>(
  input: FileInput | readonly FileInput[],
  reader: FileReader<Options>,
  options: Options,
): Observable<Example> => {
  const inputs = Array.isArray(input) ? (input as readonly FileInput[]) : [input as FileInput];
  const { progress } = options;
  // A text opens its file when it is asked for its first piece.
  const open = (signal: AbortSignal): TextFile[] =>
    inputs.map((one) => ({ name: inputName(one), text: readText(one, { progress, signal }) }));
  return readTexts(open, reader, options);
};

/** The examples of texts as they come. The signal says that nobody wants more. */
export const readTexts = <Options extends FileOptions>(
  open: (signal: AbortSignal) => Iterable<TextFile> | AsyncIterable<TextFile>,
  reader: FileReader<Options>,
  options: Options,
): Observable<Example> => {
  const batches = abortable(async function* (signal): AsyncGenerator<Iterable<Example>, undefined> {
    for await (const file of open(signal)) yield* reader(file, options);
  });
  return paceBatches(batches, (examples) => examples, options);
};
