import { createReadStream, type Stats, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SourceError } from '../../../sources/source-error.ts';

/** How far a file has been read, for a progress bar; compressed bytes where it is compressed. */
export interface ByteProgress {
  /** Bytes read so far. */
  read: number;
  /** Absent where it is not known, as for standard input. */
  total?: number;
}

/** A file's path, or a stream of bytes such as `process.stdin`. */
export type FileInput = string | Readable;

/** What a person calls the input: its path, or "standard input". */
export const inputName = (input: FileInput): string =>
  typeof input === 'string' ? input : input === process.stdin ? 'standard input' : 'the stream';

/** Options of {@link readBytes}. */
export interface ReadBytesOptions {
  readonly progress?: ByteProgress | undefined;
  /** Closes the file, also while it is waited for. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The bytes of a file, in pieces; gunzipped where it begins with gzip's magic bytes. What the system
 * says against it becomes a SourceError of one line.
 */
export const readBytes = async function* (
  input: FileInput,
  { progress = { read: 0 }, signal }: ReadBytesOptions = {},
): AsyncGenerator<Uint8Array, undefined> {
  try {
    yield* bytesOf(open(input, progress), { progress, signal });
  } catch (error) {
    throw sourceError(input, error);
  }
};

/** {@link readBytes} of a stream that is open, with its errors as they are. */
export const bytesOf = async function* (
  stream: Readable,
  { progress = { read: 0 }, signal }: ReadBytesOptions = {},
): AsyncGenerator<Uint8Array, undefined> {
  const close = (): void => void stream.destroy();
  signal?.addEventListener('abort', close);
  try {
    yield* gunzipped(stream, progress);
  } finally {
    signal?.removeEventListener('abort', close);
  }
};

/** So many bytes are read at once: each piece takes turns of the event loop. */
const chunkSize = 1 << 18;

const open = (input: FileInput, progress: ByteProgress): Readable => {
  if (typeof input !== 'string') {
    if (!input.destroyed && !input.readableEnded) return input;
    throw new SourceError(`${inputName(input)} has been read already: it can be read once`);
  }
  const found = stat(input);
  if (found.isDirectory()) throw new SourceError(`${input} is a directory, not a file`);
  if (found.isFile()) progress.total = (progress.total ?? 0) + found.size;
  return createReadStream(input, { highWaterMark: chunkSize });
};

const stat = (path: string): Stats => {
  try {
    return statSync(path);
  } catch (error) {
    throw sourceError(path, error);
  }
};

const gunzipped = async function* (
  stream: Readable,
  progress: ByteProgress,
): AsyncGenerator<Uint8Array> {
  const chunks = counted(stream, progress);
  const { done, value: first } = await chunks.next();
  if (done) return;
  const all = prepend(first, chunks);
  if (first[0] !== 0x1f || first[1] !== 0x8b) {
    yield* all;
    return;
  }
  const source = Readable.from(all);
  const unpacked = createGunzip({ chunkSize });
  source.on('error', (error) => unpacked.destroy(error));
  try {
    yield* source.pipe(unpacked);
  } finally {
    source.destroy();
  }
};

const counted = async function* (
  stream: Readable,
  progress: ByteProgress,
): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array);
    progress.read += bytes.length;
    yield bytes;
  }
};

const prepend = async function* <T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is denied',
  EISDIR: 'it is a directory, not a file',
  Z_BUF_ERROR: 'its gzip data ends too early',
  Z_DATA_ERROR: 'its gzip data is damaged',
};

const sourceError = (input: FileInput, error: unknown): Error => {
  if (error instanceof SourceError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new SourceError(`cannot read ${inputName(input)}: ${reasons[code] ?? message}`);
};
