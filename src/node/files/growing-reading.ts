import type { CsvOptions } from './csv-reading.ts';
import { follow } from './follow.ts';
import type { Reading, TextFile } from './reading.ts';
import { chain, recordBatches } from './records-reading.ts';

/** Reads a file as it grows, and those that take its name after it. */
export const readGrowing: Reading<CsvOptions, string> = {
  name: 'growing',
  async *batches([path = ''], options) {
    for await (const file of follow(path, options)) {
      const written = await begun(file);
      if (written !== undefined) yield* recordBatches(written, options);
    }
    return undefined;
  },
};

/** The file, once something is in it; undefined where it is replaced before. */
const begun = async ({ name, text }: TextFile): Promise<TextFile | undefined> => {
  const pieces = text[Symbol.asyncIterator]();
  const first = await pieces.next();
  return first.done ? undefined : { name, text: chain(first.value, pieces) };
};
