import type { Example } from '../../sources/example.ts';
import type { RecordOptions } from '../../sources/record.ts';
import type { PaceOptions } from '../../stream/pace.ts';
import type { RejectionSink } from '../../stream/rejection.ts';
import { type ByteProgress, type FileInput, inputName, readText } from './bytes.ts';

/** Options of every source that reads files. */
export interface FileOptions extends RecordOptions, PaceOptions {
  /** Where rows go that cannot be read. Default: they are left out. */
  readonly rejected?: RejectionSink;
  /** Kept up to date with how far the files have been read. */
  readonly progress?: ByteProgress;
  /**
   * Whether files are read in a thread of its own, and this one only learns; it takes paths alone.
   * Default no.
   */
  readonly thread?: boolean;
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

/** What another thread knows a {@link Reading} by. */
export type ReadingName = 'csv' | 'ndjson' | 'records' | 'growing';

/** A way to read files. */
export interface Reading<Options extends FileOptions = FileOptions, Input = FileInput> {
  readonly name: ReadingName;
  /** Many examples at a time; the signal says that nobody wants more. */
  batches(
    inputs: readonly Input[],
    options: Options & { readonly signal: AbortSignal },
  ): AsyncGenerator<Iterable<Example>, undefined>;
}

/** Reads files one after the other. */
export const eachFile = <Options extends FileOptions>(
  name: ReadingName,
  reader: FileReader<Options>,
): Reading<Options> => ({
  name,
  async *batches(inputs, options) {
    for (const input of inputs) {
      yield* reader({ name: inputName(input), text: readText(input, options) }, options);
    }
    return undefined;
  },
});
