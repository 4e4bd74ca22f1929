import type { Line } from '../stream/lines.ts';
import { type RejectionSink, SampleError } from '../stream/rejection.ts';
import type { Example } from './example.ts';
import { parseJson } from './json-text.ts';
import type { MadeExample } from './made-example.ts';
import { exampleFromRecord, type RecordOptions } from './record.ts';

/** An example from the text of one JSON record. Throws a SampleError where it is none. */
export const exampleFromJson = (text: string, options: RecordOptions = {}): MadeExample =>
  exampleFromRecord(parseJson(text), options);

/** The examples that lines of JSON hold. Empty lines are left out, bad ones go to `rejected`. */
export const examplesFromLines = function* (
  lines: readonly Line[],
  options: RecordOptions = {},
  rejected?: RejectionSink,
): Generator<Example> {
  for (const { number, text } of lines) {
    if (text?.trim() === '') continue;
    try {
      if (text === undefined) throw new SampleError('parse', 'too long');
      const example = exampleFromJson(text, options);
      example.line = number;
      yield example;
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      rejected?.next(error.at(number, { line: number }, text ?? ''));
    }
  }
};
