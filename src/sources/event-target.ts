import { Observable } from 'rxjs';

/** What is needed of a DOM EventTarget; Node's and browsers' both are one. */
export interface EventTargetLike<E> {
  /** Adds a listener. */
  addEventListener(
    type: string,
    listener: (event: E) => void,
    options?: { passive: boolean },
  ): void;
  /** Removes a listener. */
  removeEventListener(type: string, listener: (event: E) => void): void;
}

/**
 * A stream of an event target's events, such as the moves of a mouse. `toValue` says what an event
 * stands for; where it returns undefined the event is left out. Its event may have the type that
 * belongs to the name, such as a `MouseEvent` or a `CustomEvent<number>`; this is not checked.
 */
export const fromEventTarget = <E, T, Own extends E = E>(
  target: EventTargetLike<E>,
  type: string,
  toValue: (event: Own) => T | undefined,
): Observable<T> =>
  new Observable<T>((subscriber) => {
    const listener = (event: E): void => {
      let value: T | undefined;
      try {
        value = toValue(event as Own);
      } catch (error) {
        subscriber.error(error);
        return;
      }
      if (value !== undefined) subscriber.next(value);
    };
    // Passive: watching must not hold up scrolling.
    target.addEventListener(type, listener, { passive: true });
    subscriber.add(() => target.removeEventListener(type, listener));
  });
