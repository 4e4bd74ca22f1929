import { Observable, type OperatorFunction, Subscriber } from 'rxjs';
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
      return subscribeLinked(source, subscriber, guarded(next, subscriber));
    });

/**
 * Subscribes `next` to the source, and ends with it. The two subscriptions are linked before the
 * source begins: an endless source that emits at once, such as `from` of a generator, stops as soon
 * as `take` has had enough. (With an observer in place of a Subscriber it would never.)
 */
export const subscribeLinked = <In, Out>(
  source: Observable<In>,
  subscriber: Subscriber<Out>,
  next: (value: In) => void,
): Subscriber<In> => {
  const link = new Subscriber<In>({
    next,
    error: (error: unknown) => subscriber.error(error),
    complete: () => subscriber.complete(),
  });
  subscriber.add(link);
  source.subscribe(link);
  return link;
};

/** An observer's own exception would be reported to nobody who listens: it ends the stream instead. */
export const guarded =
  <In>(next: (value: In) => void, subscriber: { error(error: unknown): void }) =>
  (value: In): void => {
    try {
      next(value);
    } catch (error) {
      subscriber.error(error);
    }
  };
