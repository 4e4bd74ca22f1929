import { Observable } from 'rxjs';

type Listener = (...values: unknown[]) => void;

/** What is needed of Node's EventEmitter and of its many likenesses. */
export interface EmitterLike {
  /** Adds a listener. */
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  /** Removes a listener. */
  off(event: string, listener: (...values: unknown[]) => void): unknown;
}

/** Options of {@link fromEmitter}. */
export interface FromEmitterOptions<T> {
  /** What an event's arguments stand for. Default: the first argument as it is. */
  readonly map?: (...values: never[]) => T;
  /** The event that ends the stream with an error, its first argument. Default `error`. */
  readonly errorEvent?: string | null;
  /** The event that completes the stream. Default: none. */
  readonly endEvent?: string | null;
}

/**
 * A stream of an emitter's events. It listens while it is subscribed to, and no longer; what
 * was emitted before is gone. An emitter does not wait: put `bounded` behind it where samples may
 * come faster than they are learned.
 */
export const fromEmitter = <T>(
  emitter: EmitterLike,
  event: string,
  { map, errorEvent = 'error', endEvent = null }: FromEmitterOptions<T> = {},
): Observable<T> => {
  if (typeof emitter?.on !== 'function' || typeof emitter.off !== 'function') {
    throw new TypeError(
      'fromEmitter expects an object with `on` and `off`, such as an EventEmitter',
    );
  }
  const toValue = (map ?? ((value: T) => value)) as (...values: unknown[]) => T;
  return new Observable<T>((subscriber) => {
    const listen = (name: string | null, listener: Listener): void => {
      if (name === null) return;
      emitter.on(name, listener);
      subscriber.add(() => emitter.off(name, listener));
    };
    listen(errorEvent, (error: unknown) => subscriber.error(error));
    listen(endEvent, () => subscriber.complete());
    listen(event, (...values) => {
      let value: T;
      try {
        value = toValue(...values);
      } catch (error) {
        subscriber.error(error);
        return;
      }
      subscriber.next(value);
    });
  });
};
