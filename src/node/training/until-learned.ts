import { Observable, type OperatorFunction } from 'rxjs';
import type { Pipeline } from '../../pipeline.ts';
import type { Example } from '../../sources/example.ts';
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
          subscriber.next(example);
          // To ask has it learned at once: those that come after the last one are not taken.
          if (pipeline.step >= samples) subscriber.complete();
        },
      });
    });
  };
