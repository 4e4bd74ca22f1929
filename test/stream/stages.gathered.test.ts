import { from, Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { burst } from '../../src/stream/burst.ts';
import { type Rejection, SampleError } from '../../src/stream/rejection.ts';
import { run } from '../../src/stream/run.ts';
import { type GatheredLook, gathered, throughStage } from '../../src/stream/stages.ts';

/** Rejects, or breaks at, given values; records what it has processed. */
const stage = (log: string[], name: string, { refused = -1, broken = -1 } = {}) => ({
  name,
  initial: () => null,
  update(_memory: null, value: number) {
    log.push(`${name}${value}`);
    if (value === refused) throw new SampleError('value', `${name} refuses ${value}`);
    if (value === broken) throw new TypeError(`${name} breaks at ${value}`);
    return value;
  },
});

/** Two stages that log, and what comes out of them in the same log. */
const watched = ({ a = {}, b = {} }: { a?: object; b?: object } = {}) => {
  const source = new Subject<number>();
  const log: string[] = [];
  const rejections: Rejection[] = [];
  const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
  const subscription = gathered(source)
    .pipe(run(stage(log, 'a', a), { rejected }), run(stage(log, 'b', b), { rejected }))
    .subscribe({
      next: (value) => log.push(`out ${value}`),
      error: (error: Error) => log.push(error.message),
      complete: () => log.push('complete'),
    });
  return { source, log, rejections, subscription };
};

const emit = (source: Subject<number>, values: readonly number[]): void =>
  burst(() => {
    for (const value of values) source.next(value);
  });

test('the values of a burst pass one stage together before the next, and come out in order', () => {
  const { source, log } = watched();
  emit(source, [1, 2]);
  expect(log).toEqual(['a1', 'a2', 'b1', 'b2', 'out 1', 'out 2']);
});

test('a value that comes by itself is not held back', () => {
  const { source, log } = watched();
  source.next(1);
  source.next(2);
  expect(log).toEqual(['a1', 'b1', 'out 1', 'a2', 'b2', 'out 2']);
});

test('a long burst is processed in parts of 32', () => {
  const { source, log } = watched();
  const values = Array.from({ length: 130 }, (_, i) => i);
  emit(source, values);
  expect(log.indexOf('b0')).toBe(32);
  expect(log.filter((entry) => entry.startsWith('out'))).toEqual(values.map((i) => `out ${i}`));
});

test('what is refused is a rejection with its place in the stream, as it is one by one', () => {
  const seen = (emitAll: typeof emit) => {
    const { source, log, rejections } = watched({ a: { refused: 2 }, b: { refused: 4 } });
    emitAll(source, [1, 2, 3, 4, 5]);
    emitAll(source, [2, 4, 6]);
    return { rejections, out: log.filter((entry) => entry.startsWith('out')) };
  };
  const together = seen(emit);
  const oneByOne = seen((source, values) => from(values).subscribe((value) => source.next(value)));
  expect(together.out).toEqual(oneByOne.out);
  const byReason = (a: Rejection, b: Rejection) => a.reason.localeCompare(b.reason);
  expect(together.rejections.toSorted(byReason)).toEqual(oneByOne.rejections.toSorted(byReason));
});

test('where a stage breaks, what came before passes, and the stream ends', () => {
  const { source, log } = watched({ a: { broken: 3 } });
  emit(source, [1, 2, 3, 4]);
  expect(log).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'out 1', 'out 2', 'a breaks at 3']);
  expect(source.observed).toBe(false);
});

test('of two errors the one that would come first one by one is emitted', () => {
  const { source, log } = watched({ a: { broken: 3 }, b: { broken: 2 } });
  emit(source, [1, 2, 3]);
  expect(log.slice(-2)).toEqual(['out 1', 'b breaks at 2']);
});

test('an end in the middle of a burst comes after what was gathered', () => {
  const { source, log } = watched();
  burst(() => {
    source.next(1);
    source.complete();
  });
  expect(log).toEqual(['a1', 'b1', 'out 1', 'complete']);
});

test('what was gathered before unsubscribing is processed, and nothing is emitted any more', () => {
  const { source, log, subscription } = watched();
  burst(() => {
    source.next(1);
    subscription.unsubscribe();
    source.next(2);
  });
  expect(log).toEqual(['a1', 'b1']);
});

test('a look at a stage in the middle of a burst finds that it has processed all', () => {
  const source = new Subject<number>();
  const log: string[] = [];
  const look: GatheredLook = { flush: () => {}, push: undefined };
  gathered(source, look)
    .pipe(run(stage(log, 'a')))
    .subscribe();
  burst(() => {
    source.next(1);
    expect(log).toEqual([]);
    look.flush();
    expect(log).toEqual(['a1']);
    source.next(2);
  });
  expect(log).toEqual(['a1', 'a2']);
});

test('a value that is pushed is processed after those of the source that came before it', () => {
  const source = new Subject<number>();
  const log: string[] = [];
  const look: GatheredLook = { flush: () => {}, push: undefined };
  const subscription = gathered(source, look)
    .pipe(run(stage(log, 'a')))
    .subscribe();
  burst(() => {
    source.next(1);
    look.push?.(2 as never);
    source.next(3);
  });
  expect(log).toEqual(['a1', 'a2', 'a3']);
  subscription.unsubscribe();
  expect(look.push).toBeUndefined();
});

test('an end that comes while values are processed is emitted after all of them', () => {
  const source = new Subject<number>();
  const log: string[] = [];
  const ends = { next: () => source.complete() };
  gathered(source)
    .pipe(run(stage(log, 'a', { refused: 1 }), { rejected: ends }), run(stage(log, 'b')))
    .subscribe({ next: (value) => log.push(`out ${value}`), complete: () => log.push('complete') });
  emit(source, [1, 2, 3]);
  expect(log).toEqual(['a1', 'a2', 'a3', 'b2', 'b3', 'out 2', 'out 3', 'complete']);
});

test('what a stage itself causes is processed after what is being processed', () => {
  const source = new Subject<number>();
  const log: string[] = [];
  gathered(source)
    .pipe(run(stage(log, 'a')))
    .subscribe((value) => {
      log.push(`out ${value}`);
      if (value === 1) source.next(9);
    });
  emit(source, [1, 2]);
  expect(log).toEqual(['a1', 'a2', 'out 1', 'out 2', 'a9', 'out 9']);
});

test('a stage that fails releases what it holds before the error is emitted', () => {
  const source = new Subject<number>();
  let isHeld = false;
  const hold = () => {
    isHeld = true;
    return () => {
      isHeld = false;
    };
  };
  const log: string[] = [];
  gathered(source)
    .pipe(throughStage({ part: stage(log, 'a', { broken: 2 }), hold }))
    .subscribe({ error: (error: Error) => log.push(`${error.message}, held: ${isHeld}`) });
  expect(isHeld).toBe(true);
  emit(source, [1, 2, 3]);
  expect(log).toEqual(['a1', 'a2', 'a breaks at 2, held: false']);
});
