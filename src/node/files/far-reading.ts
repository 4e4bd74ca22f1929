import type { Example } from '../../sources/example.ts';
import { abortable } from '../../stream/abortable.ts';
import type { Rejection, RejectionSink } from '../../stream/rejection.ts';
import { openFarSource } from '../worker/far-source.ts';
import { Handover } from '../worker/handover.ts';
import type { FileInput } from './bytes.ts';
import type { CsvOptions } from './csv-reading.ts';
import type { ReaderNews, ReaderSettings } from './reader-messages.ts';
import type { FileOptions, ReadingName } from './reading.ts';

/**
 * Reads files in a thread of its own, many examples at a time. It is a few batches ahead at most. Throws
 * a TypeError where something is no path: a stream of bytes belongs to the thread that has it.
 */
export const readFar = (
  reading: ReadingName,
  inputs: readonly FileInput[],
  options: FileOptions,
): AsyncIterable<Iterable<Example>> => {
  const settings: ReaderSettings = { reading, paths: inputs.map(pathOf), options: told(options) };
  const source = { thread: 'node/files/reader-thread', settings, name: inputs.join(', ') } as const;
  return abortable(async function* (signal): AsyncGenerator<Iterable<Example>, undefined> {
    const batches = new Handover<Iterable<Example>>();
    const reader = openFarSource<ReaderNews>(source, {
      async deliver(places, { progress, rejections }) {
        await batches.put(
          // Most batches are whole.
          rejections.length === 0
            ? (places as Iterable<Example>)
            : examplesOf(places, rejections, options.rejected),
        );
        Object.assign(options.progress ?? {}, progress);
        return places.length;
      },
      news() {},
      ended: (error) => batches.end(error),
    });
    signal.addEventListener('abort', () => batches.stop());
    try {
      yield* batches.values();
    } finally {
      batches.stop();
      void reader.close();
    }
  });
};

const pathOf = (input: FileInput): string => {
  if (typeof input === 'string') return input;
  throw new TypeError('thread: only files given by their paths can be read in another thread');
};

/** Only what can be told to another thread. */
const told = ({ target, id, time, delimiter }: CsvOptions): ReaderSettings['options'] => ({
  ...(target !== undefined && { target }),
  ...(id !== undefined && { id }),
  ...(time !== undefined && { time }),
  ...(delimiter !== undefined && { delimiter }),
});

/** The examples of a batch; rejections come where they were among them. */
const examplesOf = function* (
  places: Iterable<Example | undefined>,
  rejections: readonly Rejection[],
  rejected: RejectionSink | undefined,
): Generator<Example> {
  let count = 0;
  for (const example of places) {
    if (example !== undefined) yield example;
    else rejected?.next(rejections[count++]!);
  }
};
