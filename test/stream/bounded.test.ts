import {
  concat,
  defer,
  EMPTY,
  endWith,
  lastValueFrom,
  mergeMap,
  NEVER,
  of,
  range,
  retry,
  Subject,
  take,
  tap,
  throwError,
  toArray,
} from 'rxjs';
import { expect, test } from 'vitest';
import { bounded } from '../../src/stream/bounded.ts';
import { Governor } from '../../src/stream/governor.ts';
import { pace } from '../../src/stream/pace.ts';
import {
  noneBuffered,
  type Overflow,
  type OverflowPolicy,
  Waiting,
} from '../../src/stream/waiting.ts';

const takeAll = <T>(waiting: Waiting<T>): T[] =>
  Array.from({ length: waiting.count }, () => waiting.take());

/** What passes when `count` values come at once, with a capacity of ten. */
const burst = async (count: number, policy: OverflowPolicy) => {
  const counters = noneBuffered();
  const overflows: Overflow[] = [];
  const source = new Subject<number>();
  const overflow = { next: (one: Overflow) => overflows.push(one) };
  const passed = lastValueFrom(
    source.pipe(bounded({ size: 10, policy, counters, overflow }), toArray()),
  );
  for (let i = 0; i < count; i += 1) source.next(i);
  source.complete();
  return { passed: await passed, counters, overflows };
};

test('within the room every value passes, in order', async () => {
  const { passed, counters, overflows } = await burst(10, 'drop-oldest');
  expect(passed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(counters).toEqual({ received: 10, passed: 10, dropped: 0, waiting: 0 });
  expect(overflows).toEqual([]);
});

test('drop-oldest keeps the newest, drop-newest the oldest', async () => {
  expect((await burst(25, 'drop-oldest')).passed).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
  expect((await burst(25, 'drop-newest')).passed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('sample gives all that came the same chance, and keeps their order', () => {
  const chosen = Array.from({ length: 10 }, () => 0);
  for (let seed = 1; seed <= 2_000; seed += 1) {
    const waiting = new Waiting<number>({
      size: 10,
      policy: 'sample',
      seed,
      counters: noneBuffered(),
    });
    for (let i = 0; i < 200; i += 1) waiting.put(i);
    const taken = takeAll(waiting);
    expect(taken).toEqual(taken.toSorted((a, b) => a - b));
    for (const i of taken) chosen[Math.floor(i / 20)]! += 1;
  }
  const mean = chosen.reduce((sum, count) => sum + count, 0) / 10;
  expect(mean).toBeGreaterThan(2_000 * 0.5);
  for (const count of chosen) expect(Math.abs(count / mean - 1)).toBeLessThan(0.1);
});

test('sample stays fair while values are read: no place in a burst is better than another', () => {
  const counters = noneBuffered();
  const waiting = new Waiting<number>({ size: 50, policy: 'sample', counters });
  const chosen = Array.from({ length: 10 }, () => 0);
  let latest = -1;
  for (let round = 0; round < 40_000; round += 1) {
    for (let i = 0; i < 10; i += 1) waiting.put(10 * round + i);
    const taken = waiting.take();
    expect(taken).toBeGreaterThan(latest);
    latest = taken;
    chosen[taken % 10]! += 1;
  }
  for (const count of chosen) expect(Math.abs(count / 4_000 - 1)).toBeLessThan(0.1);
  expect(counters.received).toBe(counters.passed + counters.dropped + counters.waiting);
});

test('error ends the stream, after those that wait', async () => {
  const counters = noneBuffered();
  const passed: number[] = [];
  const source = new Subject<number>();
  const error = await new Promise<Error>((resolve) => {
    const values = source.pipe(bounded({ size: 10, policy: 'error', counters }));
    values.subscribe({ next: (value) => passed.push(value), error: resolve });
    for (let i = 0; i < 12; i += 1) source.next(i);
    expect(passed).toEqual([]);
  });
  expect(error.message).toBe('10 values wait already; the source is too fast');
  expect(passed).toHaveLength(10);
  expect(counters).toEqual({ received: 11, passed: 10, dropped: 1, waiting: 0 });
  expect(source.observed).toBe(false);
});

test('what came before an error of the source passes', async () => {
  const counters = noneBuffered();
  const source = new Subject<number>();
  const passed: number[] = [];
  const ended = new Promise((resolve) => {
    source.pipe(bounded({ size: 5, counters })).subscribe({
      next: (value) => passed.push(value),
      error: resolve,
    });
  });
  for (let i = 0; i < 20; i += 1) source.next(i);
  source.error(new Error('broken'));
  expect(await ended).toEqual(new Error('broken'));
  expect(passed).toEqual([15, 16, 17, 18, 19]);
  expect(counters).toEqual({ received: 20, passed: 5, dropped: 15, waiting: 0 });
});

test('what waits when nobody wants it any more is left out, and the overflow has ended', () => {
  const counters = noneBuffered();
  const overflows: Overflow[] = [];
  const overflow = { next: (one: Overflow) => overflows.push(one) };
  const source = new Subject<number>();
  const subscription = source.pipe(bounded({ size: 5, counters, overflow })).subscribe();
  for (let i = 0; i < 8; i += 1) source.next(i);
  subscription.unsubscribe();
  expect(counters).toEqual({ received: 8, passed: 0, dropped: 8, waiting: 0 });
  expect(overflows).toEqual([
    { kind: 'began', dropped: 1 },
    { kind: 'ended', dropped: 8 },
  ]);
});

test('counters continue over a retry', async () => {
  const counters = noneBuffered();
  let tries = 0;
  const source = defer(() => {
    tries += 1;
    const values = range(0, 20);
    return tries < 3
      ? concat(
          values,
          throwError(() => new Error('broken')),
        )
      : values;
  });
  await lastValueFrom(source.pipe(bounded({ size: 5, counters }), retry()));
  expect(counters).toEqual({ received: 60, passed: 15, dropped: 45, waiting: 0 });
});

test('a consumer that requests the next value when it has one gets it', async () => {
  const source = new Subject<number>();
  const counters = noneBuffered();
  const passed: number[] = [];
  await new Promise<void>((resolve) => {
    source.pipe(bounded({ counters })).subscribe({
      async next(value) {
        passed.push(value);
        await Promise.resolve();
        if (value < 20) source.next(value + 1);
        else source.complete();
      },
      complete: resolve,
    });
    source.next(0);
  });
  expect(passed).toHaveLength(21);
  expect(counters).toEqual({ received: 21, passed: 21, dropped: 0, waiting: 0 });
});

test('block holds a source that is paced: nothing is left out', async () => {
  const counters = noneBuffered();
  const sourceGovernor = new Governor();
  const rows = Array.from({ length: 5_000 }, (_, i) => i);
  let waitingMost = 0;
  const source = pace(rows, { governor: sourceGovernor }).pipe(
    bounded({ size: 16, policy: 'block', sourceGovernor, counters, rate: 50_000 }),
    tap(() => {
      waitingMost = Math.max(waitingMost, counters.waiting);
    }),
  );
  expect(await lastValueFrom(source.pipe(toArray()))).toEqual(rows);
  expect(waitingMost).toBeGreaterThan(4);
  expect(counters).toEqual({ received: 5_000, passed: 5_000, dropped: 0, waiting: 0 });
  expect(sourceGovernor.isPaused).toBe(false);
});

test.each([1, 2, 3, 4])(
  'block with a capacity of %d pauses a source that resumes at once',
  async (size) => {
    const sourceGovernor = new Governor();
    const source = new Subject<number>();
    let given = 0;
    const give = (): void => {
      while (given < 50 && !sourceGovernor.isPaused) {
        given += 1;
        source.next(given);
      }
    };
    sourceGovernor.watch(give);
    const passed = lastValueFrom(
      source.pipe(bounded({ size, policy: 'block', sourceGovernor }), take(50), toArray()),
    );
    give();
    expect(await passed).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  },
);

test('block reserves capacity for what one value brings, and for the end', async () => {
  const sourceGovernor = new Governor();
  const rows = Array.from({ length: 100 }, (_, i) => i);
  const source = pace(rows, { governor: sourceGovernor }).pipe(
    mergeMap((row) => of(row, row)),
    endWith(-1),
    bounded({ size: 6, policy: 'block', sourceGovernor }),
  );
  expect(await lastValueFrom(source.pipe(toArray()))).toEqual([
    ...rows.flatMap((row) => [row, row]),
    -1,
  ]);
});

test('block is an error where the source does not wait, and lets go of it at the end', async () => {
  const sourceGovernor = new Governor();
  const values = range(0, 11).pipe(bounded({ size: 10, policy: 'block', sourceGovernor }));
  await expect(lastValueFrom(values)).rejects.toThrow('the source does not wait');
  expect(sourceGovernor.isPaused).toBe(false);
});

test('if the listener of an overflow throws, the stream ends, and all is counted', async () => {
  const counters = noneBuffered();
  const overflow = {
    next({ kind }: Overflow) {
      if (kind === 'ended') throw new Error('told');
    },
  };
  const passed: number[] = [];
  const values = range(0, 20).pipe(
    bounded({ size: 10, counters, overflow }),
    tap((value) => passed.push(value)),
  );
  await expect(lastValueFrom(values)).rejects.toThrow('told');
  const dropped = 20 - passed.length;
  expect(counters).toEqual({ received: 20, passed: passed.length, dropped, waiting: 0 });
  expect(dropped).toBeLessThan(20);
});

test('the begin and the end of an overflow are reported once', async () => {
  const { overflows, counters } = await burst(500, 'drop-oldest');
  expect(overflows).toEqual([
    { kind: 'began', dropped: 1 },
    { kind: 'ended', dropped: 490 },
  ]);
  expect(counters).toEqual({ received: 500, passed: 10, dropped: 490, waiting: 0 });
});

test('a source that is too fast costs no memory: received is passed, dropped and waiting', async () => {
  const counters = noneBuffered();
  const source = new Subject<number>();
  let seen = 0;
  const subscription = source.pipe(bounded({ size: 100, counters })).subscribe(() => {
    seen += 1;
    const until = performance.now() + 0.05;
    while (performance.now() < until);
  });
  for (let round = 0; round < 20; round += 1) {
    for (let i = 0; i < 500; i += 1) source.next(i);
    await new Promise((resolve) => setImmediate(resolve));
    expect(counters.waiting).toBeLessThanOrEqual(100);
    expect(counters.received).toBe(counters.passed + counters.dropped + counters.waiting);
  }
  expect(counters.dropped).toBeGreaterThan(0);
  expect(seen).toBe(counters.passed);
  subscription.unsubscribe();
});

test('never, empty and an error pass', async () => {
  NEVER.pipe(bounded()).subscribe().unsubscribe();
  expect(await lastValueFrom(EMPTY.pipe(bounded(), toArray()))).toEqual([]);
  const broken = throwError(() => new Error('broken'));
  await expect(lastValueFrom(broken.pipe(bounded()))).rejects.toThrow('broken');
});

test('unsubscribing stops it, in the middle too', async () => {
  const source = new Subject<number>();
  const values = lastValueFrom(source.pipe(bounded(), take(2), toArray()));
  for (let i = 0; i < 5; i += 1) source.next(i);
  expect(await values).toEqual([0, 1]);
  expect(source.observed).toBe(false);
});

test('misuse is refused', () => {
  expect(() => bounded({ size: 0 })).toThrow(RangeError);
  expect(() => bounded({ rate: -1 })).toThrow(RangeError);
  expect(() => bounded({ policy: 'sample', size: 1 })).toThrow('a size of at least 2');
  expect(() => bounded({ policy: 'block' })).toThrow(/sourceGovernor/);
  expect(() => bounded({ policy: 'nonsense' as 'sample' })).toThrow(
    'there is no policy nonsense; there are drop-oldest, drop-newest, sample, error, block',
  );
});

test.each([
  ['drop-oldest', [7, 8, 9]],
  ['drop-newest', [0, 1, 2]],
] as const)('values that are large together are dealt with by %s', (policy, expected) => {
  const counters = noneBuffered();
  const room = { size: 100, bytesMax: 3_000, bytesOf: () => 1_000 };
  const waiting = new Waiting<number>({ ...room, policy, counters });
  for (let i = 0; i < 10; i += 1) waiting.put(i);
  expect(counters).toEqual({ received: 10, passed: 0, dropped: 7, waiting: 3 });
  expect(takeAll(waiting)).toEqual(expected);
  waiting.put(10);
  expect(takeAll(waiting)).toEqual([10]);
});

test('sample thins values that are large together, and error ends', () => {
  const counters = noneBuffered();
  const room = { size: 100, bytesMax: 10_000, bytesOf: () => 1_000 };
  const waiting = new Waiting<number>({ ...room, policy: 'sample', counters });
  for (let i = 0; i < 1_000; i += 1) waiting.put(i);
  expect(waiting.count).toBeLessThanOrEqual(10);
  expect(counters.received).toBe(counters.dropped + counters.waiting);
  const strict = new Waiting<number>({ ...room, policy: 'error', counters: noneBuffered() });
  for (let i = 0; i < 10; i += 1) strict.put(i);
  expect(() => strict.put(10)).toThrow('10 values wait already');
});

test('block holds the source at half of the bytes, and lets it go at a quarter', () => {
  let holds = 0;
  const sourceGovernor = new Governor();
  sourceGovernor.hold = () => {
    holds += 1;
    return () => {
      holds -= 1;
    };
  };
  const room = { size: 1_000, bytesMax: 8_000, bytesOf: () => 1_000 };
  const options = { ...room, policy: 'block', counters: noneBuffered(), sourceGovernor } as const;
  const waiting = new Waiting<number>(options);
  const held: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    waiting.put(i);
    held.push(holds);
  }
  for (let i = 0; i < 4; i += 1) {
    waiting.take();
    held.push(holds);
  }
  expect(held).toEqual([0, 0, 0, 1, 1, 0, 0, 0]);
});

test('a bound of no bytes is misuse', () => {
  expect(() => bounded({ bytesMax: 0 })).toThrow(RangeError);
});
