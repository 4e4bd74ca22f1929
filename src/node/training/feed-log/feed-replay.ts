import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { Example } from '../../../sources/example.ts';
import { subscribeLinked } from '../../../stream/linked.ts';
import type { OpenedSource } from '../../sources/opened-source.ts';
import type { SourcePlace } from '../../sources/source-place.ts';
import { contentOf, type FedContent, type LoggedBatch } from './frame.ts';

/** So often, in ms, a live source is looked at that may have nothing more to give. */
const idleMs = 1_000;

/**
 * Learns the batches of a log again, before anything else is fed. Where the source gives the same
 * examples again, each batch is learned between the same two of them as before, and the result is the
 * same to the bit. Where it does not, all batches are learned before its first example.
 */
export class FeedReplay {
  readonly #batches: readonly LoggedBatch[];
  #next = 0;

  constructor(batches: readonly LoggedBatch[]) {
    this.#batches = batches;
  }

  /** Whether all batches have been learned. */
  get isOver(): boolean {
    return this.#next === this.#batches.length;
  }

  /**
   * Learns the batches among the examples of a source, by the number of consumed examples.
   * `learn` learns one batch at once.
   */
  among(
    { isReplayable, isLive }: Pick<OpenedSource, 'isReplayable' | 'isLive'>,
    place: Pick<SourcePlace, 'count' | 'isReplaying'>,
    learn: (content: FedContent) => void,
  ): MonoTypeOperatorFunction<Example> {
    const upTo = (examples: number): void => {
      for (const batch of this.#due(examples)) learn(contentOf(batch));
    };
    const due = (): void => upTo(isReplayable ? place.count : Number.POSITIVE_INFINITY);
    const all = (): void => upTo(Number.POSITIVE_INFINITY);
    return (examples) => {
      if (this.isOver) return examples;
      return new Observable((subscriber) => {
        // By then the pipeline has subscribed to what is fed, too.
        queueMicrotask(() => (subscriber.closed ? all() : due()));
        if (isLive) this.#watchIdle(place, all, subscriber);
        subscribeLinked(examples, subscriber, {
          next(example) {
            due();
            subscriber.next(example);
            if (subscriber.closed) all();
            else due();
          },
          ending(passOn) {
            all();
            passOn();
          },
        });
      });
    };
  }

  /** A live source that lacks examples which it gave before must not hold the batches back. */
  #watchIdle(
    place: Pick<SourcePlace, 'count' | 'isReplaying'>,
    all: () => void,
    subscriber: { add(teardown: () => void): void },
  ): void {
    let seen = -1;
    const timer = setInterval(() => {
      if (this.isOver) clearInterval(timer);
      else if (!place.isReplaying && place.count === seen) all();
      seen = place.count;
    }, idleMs);
    timer.unref();
    subscriber.add(() => clearInterval(timer));
  }

  /** The batches that were fed before the given number of examples, each once. */
  *#due(examples: number): Generator<LoggedBatch> {
    for (let batch = this.#batches[this.#next]; batch; batch = this.#batches[this.#next]) {
      if (batch.examples > examples) return;
      this.#next += 1;
      yield batch;
    }
  }
}
