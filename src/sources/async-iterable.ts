import type { Observable } from 'rxjs';
import { type PaceOptions, type Pull, pace } from '../stream/pace.ts';

/**
 * A stream of what an iterable or async iterable yields: a generator, a database cursor, a
 * consumer of a queue. It is pulled as fast as it is learned from, and no faster.
 *
 * Cold as the iterable is: an array starts anew for each subscriber, a generator object does not.
 */
export const fromAsyncIterable = <T>(iterable: Pull<T>, options: PaceOptions = {}): Observable<T> =>
  pace(iterable, options);
