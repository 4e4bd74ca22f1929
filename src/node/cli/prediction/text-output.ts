import { createWriteStream, statSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { diskReason } from '../../training/checkpoints/disk-errors.ts';
import { Misuse } from '../terminal/misuse.ts';

/** Characters that are written at once. */
const chunkLength = 65_536;

/** Text that goes to a file or to standard output, with backpressure. */
export class TextOutput {
  readonly #stream: NodeJS.WritableStream;
  readonly #file: WriteStream | undefined;
  #pending: string[] = [];
  #length = 0;
  #failure: Error | undefined;

  /** Writes to a file, in place of what it held; without a path to standard output. */
  constructor(path?: string) {
    this.#file = path === undefined ? undefined : createWriteStream(path);
    this.#stream = this.#file ?? process.stdout;
    this.#file?.on('error', (error) => {
      this.#failure = new Misuse(`${path} cannot be written: ${diskReason(error)}`);
    });
  }

  /** Adds text; what is there goes out with {@link flush}, or when there is much of it: then it is waited for. */
  async write(text: string): Promise<void> {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= chunkLength) await this.flush();
  }

  /** Done when there is capacity for more. */
  async flush(): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#length === 0) return;
    const text = this.#pending.join('');
    this.#pending = [];
    this.#length = 0;
    if (this.#stream.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done).off('error', done).off('close', done);
        resolve();
      };
      this.#stream.on('drain', done).on('error', done).on('close', done);
    });
    if (this.#failure) throw this.#failure;
  }

  /** Done when all of it is written. */
  async close(): Promise<void> {
    await this.flush();
    if (this.#file === undefined) return;
    this.#file.end();
    try {
      await finished(this.#file);
    } catch (error) {
      throw this.#failure ?? error;
    }
  }
}

/** Whether two paths name the same file: what is written to one would be read from the other. */
export const isSameFile = (one: string, other: string): boolean => {
  try {
    const [first, second] = [statSync(one), statSync(other)];
    return first.isFile() && first.dev === second.dev && first.ino === second.ino;
  } catch {
    // One of them does not exist yet, or is an address.
    return false;
  }
};
