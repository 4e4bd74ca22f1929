import { Observable, type OperatorFunction } from 'rxjs';
import { subscribeLinked } from './linked.ts';
import { type RejectionSink, SampleError } from './rejection.ts';
import type { Stateful } from './stateful.ts';

/** Options of {@link run}. */
export interface RunOptions<Memory> {
  /** The memory to go on with, changed in place. Default: a new one for each subscriber. */
  readonly memory?: Memory;
  /** Where values go that the part refuses with a SampleError. Default: they are left out. */
  readonly rejected?: RejectionSink;
}

/**
 * Runs a part over a stream: emits what the part's `update` returns for each value. A SampleError
 * becomes a rejection and the stream goes on; any other error ends it.
 */
export const run =
  <Memory, In, Out>(
    part: Stateful<Memory, In, Out>,
    { memory, rejected }: RunOptions<Memory> = {},
  ): OperatorFunction<In, Out> =>
  (source) =>
    new Observable((subscriber) => {
      const own = memory ?? part.initial();
      let index = -1;
      const next = (value: In): void => {
        index += 1;
        let out: Out;
        try {
          out = part.update(own, value);
        } catch (error) {
          if (!(error instanceof SampleError)) throw error;
          rejected?.next(error.at(index, value));
          return;
        }
        subscriber.next(out);
      };
      return subscribeLinked(source, subscriber, { next });
    });
