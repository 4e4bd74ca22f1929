import { from, Observable, type ObservableInput } from 'rxjs';
import type { FedSample } from '../broadcast/client-messages.ts';
import { Feeder, type FeederLink, type FeedOptions, type FeedProgress } from './feeder.ts';

/** A connection that a feeder can take part in. */
export interface FeedingLink extends FeederLink {
  /** Answers and reconnections are told to the feeder, and an end for good to `fail`. */
  join(feeder: Feeder, fail: (error: Error) => void): void;
  leave(feeder: Feeder): void;
}

/** Feeds what a source emits while it is subscribed to; completes when all of it has arrived. */
export const feeding = (
  samples: ObservableInput<FedSample>,
  options: FeedOptions,
  link: FeedingLink,
): Observable<FeedProgress> =>
  new Observable((subscriber) => {
    let isComplete = false;
    const finish = (): void => {
      if (isComplete && feeder.waiting === 0) subscriber.complete();
    };
    const failed = (error: Error): void => subscriber.error(error);
    const feeder: Feeder = new Feeder(options, link, {
      progress: (progress) => {
        subscriber.next(progress);
        finish();
      },
      failed,
    });
    subscriber.add(() => {
      link.leave(feeder);
      feeder.stop();
    });
    link.join(feeder, failed);
    const source = from(samples).subscribe({
      next: (sample) => feeder.add(sample),
      error: failed,
      complete: () => {
        isComplete = true;
        finish();
      },
    });
    subscriber.add(source);
  });
