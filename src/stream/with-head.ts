import { Observable, type OperatorFunction, Subject, Subscriber } from 'rxjs';
import { guarded } from './linked.ts';

/** When a head is enough although no further value has come. */
export interface HeadTimeout<In> {
  /** Milliseconds between two checks, from the first value on. */
  readonly everyMs: number;
  readonly isEnough: (head: readonly In[]) => boolean;
}

/**
 * Chooses an operator by the first values, such as the task by the first rows. It buffers values until
 * `isEnough` accepts them, the source completes, or the timeout (default: none) accepts them; then all
 * values, the buffered ones first, pass through the operator that `choose` returns. A source without
 * values completes, and nothing is chosen. The values before an error of the source pass before the error.
 */
export const withHead =
  <In, Out>(
    isEnough: (head: readonly In[]) => boolean,
    choose: (head: readonly In[]) => OperatorFunction<In, Out>,
    timeout?: HeadTimeout<In>,
  ): OperatorFunction<In, Out> =>
  (source) =>
    new Observable((subscriber) => {
      const values = new Subject<In>();
      let head: In[] | undefined = [];
      let timer: ReturnType<typeof setInterval> | undefined;
      const goOn = (): void => {
        if (head === undefined || head.length === 0) return;
        const first = head;
        head = undefined;
        clearInterval(timer);
        subscriber.add(values.pipe(choose(first)).subscribe(subscriber));
        for (const value of first) {
          if (subscriber.closed) return;
          values.next(value);
        }
      };
      const look = (): void => {
        if (head && timeout?.isEnough(head)) goOn();
      };
      const next = (value: In): void => {
        if (head === undefined) {
          values.next(value);
          return;
        }
        head.push(value);
        if (timeout) timer ??= setInterval(guarded(look, subscriber), timeout.everyMs);
        if (isEnough(head)) goOn();
      };
      const link = new Subscriber<In>({
        next: guarded(next, subscriber),
        error(error: unknown) {
          try {
            goOn();
          } catch {
            // That of the source came first, and is why there is no more.
          }
          values.error(error);
          subscriber.error(error);
        },
        complete() {
          if (head?.length === 0) subscriber.complete();
          guarded(goOn, subscriber)(undefined);
          values.complete();
        },
      });
      subscriber.add(link);
      subscriber.add(() => clearInterval(timer));
      source.subscribe(link);
    });
