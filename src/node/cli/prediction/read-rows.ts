import type { Example } from '../../../sources/example.ts';
import { recordBatches } from '../../../sources/record-batches.ts';
import type { RowOptions } from '../../../sources/row-reader.ts';
import { lineOf, type Rejection } from '../../../stream/rejection.ts';
import { type FileInput, inputName, readBytes } from '../../sources/files/bytes.ts';

/** A row to predict for, or why it cannot be read. */
export type InputRow = { readonly example: Example } | { readonly rejection: Rejection };

/** How rows are read. */
export type ReadRowsOptions = Pick<RowOptions, 'target' | 'id' | 'written'>;

/** Receives rows in the order of the file. The next are read when it is done with these. */
export type TakeRows = (rows: readonly InputRow[]) => Promise<void>;

/** The largest number of unreadable rows that are held until a readable one follows. */
const heldMax = 10_000;

/**
 * The rows of one file or stream, by the reader of every training, whether they have a target or not. A row
 * that cannot be read comes in its place, though the reader reports it ahead of its turn.
 */
export const readRows = async (
  input: FileInput,
  options: ReadRowsOptions,
  take: TakeRows,
): Promise<void> => {
  const held: Rejection[] = [];
  const before = (line: number): InputRow[] => {
    const end = held.findIndex((rejection) => (lineOf(rejection) ?? 0) >= line);
    return held.splice(0, end < 0 ? held.length : end).map((rejection) => ({ rejection }));
  };
  const file = {
    name: inputName(input),
    bytes: untilHeld(readBytes(input), async () => {
      if (held.length > heldMax) await take(before(Number.POSITIVE_INFINITY));
    }),
  };
  const rejected = { next: (rejection: Rejection) => void held.push(rejection) };
  const reading = { ...options, isTargetOptional: true, rejected };
  for await (const examples of recordBatches(file, reading)) {
    const rows: InputRow[] = [];
    for (const example of examples) {
      if (held.length > 0) rows.push(...before(example.line ?? 0));
      rows.push({ example });
    }
    await take(rows);
  }
  await take(before(Number.POSITIVE_INFINITY));
};

/** The pieces of a file; `piece` is done when one has been read, before the next. */
const untilHeld = async function* (
  bytes: AsyncIterable<Uint8Array>,
  piece: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const one of bytes) {
    yield one;
    await piece();
  }
};
