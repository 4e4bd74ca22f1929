import { EMPTY, lastValueFrom, NEVER, Subject, take, throwError, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { bounded } from '../../src/stream/bounded.ts';
import { noneBuffered, type Overflow, type OverflowPolicy } from '../../src/stream/waiting.ts';

/** What passes when so many values come in one go, with room for ten. */
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

test('sample keeps a fair share of all that came', async () => {
  const { passed, counters } = await burst(1000, 'sample');
  expect(passed).toHaveLength(10);
  expect(new Set(passed).size).toBe(10);
  const mean = passed.reduce((sum, value) => sum + value, 0) / 10;
  expect(mean).toBeGreaterThan(200);
  expect(mean).toBeLessThan(800);
  expect(counters.passed + counters.dropped).toBe(1000);
});

test('error ends the stream', async () => {
  await expect(burst(11, 'error')).rejects.toThrow('10 values wait already');
});

test('begins and ends of an overflow are told once', async () => {
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
});
