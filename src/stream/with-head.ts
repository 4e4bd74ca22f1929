import { Observable, type OperatorFunction, Subject, Subscriber } from 'rxjs';
import { guarded } from './linked.ts';

/** When a head is enough though the next value is far away. */
export interface HeadPatience<In> {
  /** It is looked at so often, in milliseconds, from the first value on. */
  readonly everyMs: number;
  readonly isEnough: (head: readonly In[]) => boolean;
}

/**
 * Chooses how to go on by looking at the first values, such as the task by the first rows. It waits
 * until `isEnough` of them have come, or all, or its patience (default: without end) finds that they are
 * enough; then it runs every value, those first, through what `choose` returns. A source without values
 * completes, and nothing is chosen. What came before an error of the source goes that way before the
 * error does.
 */
export const withHead =
  <In, Out>(
    isEnough: (head: readonly In[]) => boolean,
    choose: (head: readonly In[]) => OperatorFunction<In, Out>,
    patience?: HeadPatience<In>,
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
        if (head && patience?.isEnough(head)) goOn();
      };
      const next = (value: In): void => {
        if (head === undefined) {
          values.next(value);
          return;
        }
        head.push(value);
        if (patience) timer ??= setInterval(guarded(look, subscriber), patience.everyMs);
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
