import { Observable, type OperatorFunction } from 'rxjs';
import type { Pipeline } from '../../pipeline.ts';
import type { Example } from '../../sources/example.ts';
import { burst } from '../../stream/burst.ts';
import { subscribeLinked } from '../../stream/linked.ts';

/** Ends after so many learned samples, without waiting for another example. */
export const untilLearned =
  (pipeline: Pipeline, samples?: number): OperatorFunction<Example, Example> =>
  (examples) => {
    if (samples === undefined) return examples;
    return new Observable((subscriber) => {
      if (pipeline.step >= samples) {
        subscriber.complete();
        return;
      }
      subscribeLinked(examples, subscriber, {
        next(example) {
          // By itself, or it would be learned together with those that come after the last one.
          burst(() => subscriber.next(example));
          if (pipeline.step >= samples) subscriber.complete();
        },
      });
    });
  };
