import { firstValueFrom, lastValueFrom, NEVER, share, take, toArray } from 'rxjs';
import { expect, test, vi } from 'vitest';
import { Governor } from '../../src/stream/governor.ts';
import { pace, paceBatches } from '../../src/stream/pace.ts';

const counting = function* (closed?: () => void): Generator<number> {
  try {
    for (let i = 0; ; i += 1) yield i;
  } finally {
    closed?.();
  }
};

const later = async function* (values: readonly number[]): AsyncGenerator<number> {
  for (const value of values) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield value;
  }
};

test('an empty source completes', async () => {
  expect(await lastValueFrom(pace([]).pipe(toArray()))).toEqual([]);
});

test('one and many values pass in order, of plain and of async iterables', async () => {
  expect(await lastValueFrom(pace([7]).pipe(toArray()))).toEqual([7]);
  expect(await lastValueFrom(pace(later([1, 2, 3])).pipe(toArray()))).toEqual([1, 2, 3]);
});

test('what cannot be pulled is refused when the stream is made', () => {
  expect(() => pace(NEVER as never)).toThrow(
    new TypeError(
      'expected an iterable or an async iterable, such as an array, a generator or a Node stream, not an object of the class Observable',
    ),
  );
  expect(() => pace(null as never)).toThrow('not null');
});

test('a text is an iterable of its characters', async () => {
  expect(await lastValueFrom(pace('abc').pipe(toArray()))).toEqual(['a', 'b', 'c']);
});

test('batches pass value by value', async () => {
  const values = paceBatches(['ab', 'c'], (batch) => batch);
  expect(await lastValueFrom(values.pipe(toArray()))).toEqual(['a', 'b', 'c']);
});

test('an error passes', async () => {
  const failing = function* (): Generator<number> {
    yield 1;
    throw new Error('the source broke');
  };
  await expect(lastValueFrom(pace(failing()))).rejects.toThrow('the source broke');
});

test('an endless source lets timers and other sources run', async () => {
  let pulled = 0;
  const subscription = pace(counting()).subscribe(() => {
    pulled += 1;
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  const before = pulled;
  await new Promise((resolve) => setTimeout(resolve, 5));
  subscription.unsubscribe();
  expect(before).toBeGreaterThan(0);
  expect(pulled).toBeGreaterThan(before);
});

test('unsubscribing stops an endless source and closes it', async () => {
  let closed = 0;
  const values = pace({ [Symbol.iterator]: () => counting(() => (closed += 1)) });
  expect(await lastValueFrom(values.pipe(take(3), toArray()))).toEqual([0, 1, 2]);
  await new Promise((resolve) => setTimeout(resolve, 1));
  expect(closed).toBe(1);
});

test('unsubscribing closes a source that waits for ever', async () => {
  let isClosed = false;
  const waiting: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        isClosed = true;
        return { done: true, value: undefined };
      },
    }),
  };
  const subscription = pace(waiting).subscribe();
  await new Promise((resolve) => setTimeout(resolve, 1));
  subscription.unsubscribe();
  expect(isClosed).toBe(true);
});

test('nothing is pulled before a subscription, and each has its own iteration', async () => {
  let iterations = 0;
  const source = {
    *[Symbol.iterator]() {
      iterations += 1;
      yield iterations;
    },
  };
  const values = pace(source);
  expect(iterations).toBe(0);
  expect(await firstValueFrom(values)).toBe(1);
  expect(await firstValueFrom(values)).toBe(2);
});

test('all subscribers of a shared stream in the same task get the first value', async () => {
  const shared = pace([1, 2]).pipe(share());
  const both = [lastValueFrom(shared.pipe(toArray())), lastValueFrom(shared.pipe(toArray()))];
  expect(await Promise.all(both)).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

test('an abort completes the stream', async () => {
  const controller = new AbortController();
  const values = lastValueFrom(
    pace(counting(), { signal: controller.signal, rate: 1000 }).pipe(toArray()),
  );
  setTimeout(() => controller.abort(), 20);
  expect((await values).length).toBeGreaterThan(0);
  controller.abort();
  const none = pace(counting(), { signal: controller.signal });
  expect(await lastValueFrom(none.pipe(toArray()))).toEqual([]);
});

test('a rate limits what passes', async () => {
  const start = performance.now();
  await lastValueFrom(pace(counting(), { rate: 200 }).pipe(take(11), toArray()));
  expect(performance.now() - start).toBeGreaterThanOrEqual(49);
});

test('a source whose iterator cannot be made leaves nothing behind', () => {
  const governor = new Governor();
  const broken = {
    [Symbol.iterator](): Iterator<number> {
      throw new Error('broken');
    },
  };
  const errors: unknown[] = [];
  const watch = vi.spyOn(governor, 'watch');
  paceBatches(broken, (value) => [value], { governor }).subscribe({
    error: (error: unknown) => errors.push(error),
  });
  expect([errors, watch.mock.calls]).toEqual([[new Error('broken')], []]);
});
