import { getEventListeners } from 'node:events';
import {
  concat,
  defer,
  finalize,
  from,
  interval,
  NEVER,
  of,
  range,
  Subject,
  tap,
  throwError,
} from 'rxjs';
import { expect, test } from 'vitest';
import { Governor } from '../../src/stream/governor.ts';
import { pace } from '../../src/stream/pace.ts';
import { toAsyncIterable } from '../../src/stream/to-async-iterable.ts';
import { noneBuffered } from '../../src/stream/waiting.ts';

const collect = async <T>(values: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
};

test('every value of a stream comes, then the end', async () => {
  expect(await collect(toAsyncIterable(from([1, 2, 3])))).toEqual([1, 2, 3]);
});

test('an error is thrown after what came before it', async () => {
  const seen: number[] = [];
  const values = concat(
    of(1, 2),
    throwError(() => new Error('broken')),
  );
  const read = async (): Promise<void> => {
    for await (const value of toAsyncIterable(values)) seen.push(value);
  };
  await expect(read()).rejects.toThrow('broken');
  expect(seen).toEqual([1, 2]);
});

test('leaving the loop ends the subscription', async () => {
  let isEnded = false;
  const values = interval(1).pipe(finalize(() => (isEnded = true)));
  for await (const value of toAsyncIterable(values)) if (value === 2) break;
  expect(isEnded).toBe(true);
});

test('a slow reader gets the newest values, and what was dropped is counted', async () => {
  const counters = { received: 0, passed: 0, dropped: 0, waiting: 0 };
  const source = new Subject<number>();
  const iterator = toAsyncIterable(source, { size: 3, counters })[Symbol.asyncIterator]();
  for (let i = 0; i < 10; i += 1) source.next(i);
  expect(await iterator.next()).toEqual({ done: false, value: 7 });
  expect(counters).toEqual({ received: 10, passed: 1, dropped: 7, waiting: 2 });
  await iterator.return?.();
  expect(source.observed).toBe(false);
});

test('with the policy error a slow reader gets an error', async () => {
  const values = toAsyncIterable(from([1, 2, 3]), { size: 2, policy: 'error' });
  await expect(collect(values)).rejects.toThrow('the source is too fast');
});

test('a signal ends it, while it waits too', async () => {
  const controller = new AbortController();
  const all = collect(toAsyncIterable(NEVER, { signal: controller.signal }));
  controller.abort();
  expect(await all).toEqual([]);
  expect(await collect(toAsyncIterable(NEVER, { signal: controller.signal }))).toEqual([]);
});

test('a signal is not listened to by loops that have ended', async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 30; i += 1) await collect(toAsyncIterable(of(i), { signal }));
  for await (const _ of toAsyncIterable(interval(1), { signal })) break;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('a source that overflows while it is subscribed to is stopped', async () => {
  let isEnded = false;
  const values = concat(range(0, 10), interval(10)).pipe(finalize(() => (isEnded = true)));
  const all = collect(toAsyncIterable(values, { size: 5, policy: 'error' }));
  expect(isEnded).toBe(true);
  await expect(all).rejects.toThrow('the source is too fast');
});

test('nothing is subscribed to under a signal that was aborted before', async () => {
  let isSubscribed = false;
  const values = defer(() => {
    isSubscribed = true;
    return of(1);
  });
  expect(await collect(toAsyncIterable(values, { signal: AbortSignal.abort() }))).toEqual([]);
  expect(isSubscribed).toBe(false);
});

test.each([0, -1, Number.NaN, 1.5])('a size of %s is refused', (size) => {
  expect(() => toAsyncIterable(NEVER, { size })).toThrow(
    `size must be a whole number of at least 1, not ${size}`,
  );
});

test('with block a slow reader holds a source that is pulled, and loses nothing', async () => {
  const sourceGovernor = new Governor();
  const rows = Array.from({ length: 500 }, (_, i) => i);
  let given = 0;
  const source = pace(rows, { governor: sourceGovernor }).pipe(tap(() => (given += 1)));
  const seen: number[] = [];
  for await (const row of toAsyncIterable(source, { size: 8, policy: 'block', sourceGovernor })) {
    seen.push(row);
    if (row % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(given - seen.length).toBeLessThanOrEqual(8);
  }
  expect(seen).toEqual(rows);
});

test('what waits when the loop is left is counted as left out, and the source is let go', async () => {
  const sourceGovernor = new Governor();
  const counters = noneBuffered();
  const rows = Array.from({ length: 500 }, (_, i) => i);
  const source = pace(rows, { governor: sourceGovernor });
  const options = { size: 8, policy: 'block', sourceGovernor, counters } as const;
  for await (const row of toAsyncIterable(source, options)) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (row === 20) break;
  }
  expect(counters).toMatchObject({ passed: 21, waiting: 0 });
  expect(counters.dropped).toBe(counters.received - 21);
  expect(sourceGovernor.isPaused).toBe(false);
});

test('an iteration that was left stays done, though the stream had failed', async () => {
  const values = concat(
    of(1, 2),
    throwError(() => new Error('broken')),
  );
  const iterator = toAsyncIterable(values)[Symbol.asyncIterator]();
  await iterator.next();
  const done = { done: true, value: undefined };
  expect(await iterator.return?.()).toEqual(done);
  expect(await iterator.next()).toEqual(done);
});
