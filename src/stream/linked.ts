import { type Observable, Subscriber } from 'rxjs';

/** What an operator does with each value, and before its end. */
export interface LinkedObserver<In> {
  readonly next: (value: In) => void;
  /**
   * Called with a function that emits the error or the completion, and must call it: an observer of the
   * end may act at once, so anything that must happen before is done here.
   */
  readonly ending?: (passOn: () => void) => void;
}

/**
 * Subscribes an operator's observer to its source, and ends with it. The two subscriptions are
 * linked before the source begins: an endless source that emits at once, such as `from` of a
 * generator, stops as soon as `take` has had enough. (With a plain observer it would never.)
 */
export const subscribeLinked = <In, Out>(
  source: Observable<In>,
  subscriber: Subscriber<Out>,
  observer: LinkedObserver<In>,
): Subscriber<In> => {
  const link = new Linked(subscriber, observer);
  source.subscribe(link);
  return link;
};

/** Given its destination, a subscriber adds itself to it. */
class Linked<In> extends Subscriber<In> {
  readonly #observer: LinkedObserver<In>;

  constructor(destination: Subscriber<unknown>, observer: LinkedObserver<In>) {
    super(destination);
    this.#observer = observer;
  }

  // An observer of three functions would be two more calls for each value.
  protected override _next(value: In): void {
    try {
      this.#observer.next(value);
    } catch (error) {
      this.destination.error(error);
    }
  }

  protected override _error(error: unknown): void {
    this.#end(() => super._error(error));
  }

  protected override _complete(): void {
    this.#end(() => super._complete());
  }

  #end(passOn: () => void): void {
    const { ending } = this.#observer;
    if (ending) ending(passOn);
    else passOn();
  }
}

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
