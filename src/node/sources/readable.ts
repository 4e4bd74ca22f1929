import { Readable } from 'node:stream';
import type { Observable } from 'rxjs';
import { type PaceOptions, pace } from '../../stream/pace.ts';
import { type ToAsyncIterableOptions, toAsyncIterable } from '../../stream/to-async-iterable.ts';

/**
 * A stream of what a Node stream in object mode yields. It is read as fast as it is learned from:
 * its own back-pressure holds it. It is destroyed when the subscription ends.
 */
export const fromReadable = <T>(readable: Readable, options: PaceOptions = {}): Observable<T> =>
  pace(readable as AsyncIterable<T>, options);

/** A stream as a Node stream in object mode, for `pipeline()`; see {@link toAsyncIterable}. */
export const toReadable = <T>(
  values: Observable<T>,
  options: ToAsyncIterableOptions = {},
): Readable => Readable.from(toAsyncIterable(values, options));
