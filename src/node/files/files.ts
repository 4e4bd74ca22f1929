import type { Observable } from 'rxjs';
import type { Example } from '../../sources/example.ts';
import { abortable } from '../../stream/abortable.ts';
import { paceBatches } from '../../stream/pace.ts';
import type { FileInput } from './bytes.ts';
import { readFar } from './far-reading.ts';
import type { FileOptions, Reading } from './reading.ts';

/** The examples of one file, or of several. */
export const readFiles = <Options extends FileOptions, Input extends FileInput>(
  reading: Reading<Options, Input>,
  input: Input | readonly Input[],
  options: Options,
): Observable<Example> => {
  const inputs = Array.isArray(input) ? (input as readonly Input[]) : [input as Input];
  const batches = options.thread
    ? readFar(reading.name, inputs, options)
    : abortable((signal) => reading.batches(inputs, { ...options, signal }));
  return paceBatches(batches, (examples) => examples, options);
};
