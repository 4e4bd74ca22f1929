import { type FileHandle, open, stat } from 'node:fs/promises';
import { SourceError } from '../../sources/source-error.ts';
import type { ByteProgress } from './bytes.ts';
import type { TextFile } from './files.ts';

/** How often a file is looked at for growth. */
const lookMs = 200;

/** Bytes read at once. */
const chunkBytes = 1 << 16;

/** What following a file needs. */
export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly progress?: ByteProgress | undefined;
}

/**
 * A file as it grows, as `tail -F` shows it: from its beginning, and on. When it is rotated, what
 * came to the old file is read to its end before the new one begins; when it is cut off, it begins
 * anew. Each such beginning is a file of its own, with a header of its own if it is CSV. It ends with
 * the signal.
 */
export const follow = async function* (
  path: string,
  { signal, progress = { read: 0 } }: FollowOptions,
): AsyncGenerator<TextFile, undefined> {
  let isFirst = true;
  while (!signal.aborted) {
    const file = await openFile(path, isFirst);
    isFirst = false;
    if (file === undefined) {
      await sleep(signal);
      continue;
    }
    try {
      yield { name: path, text: grow(path, file, { signal, progress }) };
    } finally {
      await file.close();
    }
  }
};

/** A file that is away for a moment, while it is rotated, is waited for; at first it must be there. */
const openFile = async (path: string, isFirst: boolean): Promise<FileHandle | undefined> => {
  try {
    const file = await open(path);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new SourceError(`${path} is no file that grows`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SourceError) throw error;
    if (code === 'ENOENT' && !isFirst) return undefined;
    const reason = code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new SourceError(`cannot read ${path}: ${reason}`);
  }
};

const grow = async function* (
  path: string,
  file: FileHandle,
  { signal, progress }: { signal: AbortSignal; progress: ByteProgress },
): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  const buffer = Buffer.alloc(chunkBytes);
  let position = 0;
  let isReplaced = false;
  while (!signal.aborted) {
    const { bytesRead } = await file.read(buffer, 0, chunkBytes, position);
    position += bytesRead;
    progress.read += bytesRead;
    if (bytesRead > 0) {
      yield decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
      continue;
    }
    // One more look after it was replaced: the writer may have come back to it in between.
    if (isReplaced) return;
    await sleep(signal);
    const { size } = await file.stat();
    if (size < position) return;
    isReplaced = await isOther(path, file);
  }
};

const isOther = async (path: string, file: FileHandle): Promise<boolean> => {
  try {
    const [there, here] = await Promise.all([stat(path), file.stat()]);
    return there.ino !== here.ino || there.dev !== here.dev;
  } catch {
    return true;
  }
};

const sleep = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, lookMs);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
