import { from, map, NEVER, type Observable, of, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  encode,
  exponentialAverage,
  joinLabels,
  lag,
  movingAverage,
  standardise,
} from '../../src/encode/operators.ts';
import { Network } from '../../src/learn/network.ts';
import { backprop, forward, learn } from '../../src/learn/operators.ts';
import {
  type Rejection,
  SampleError,
  UnhandledRejectionError,
} from '../../src/stream/rejection.ts';
import { run } from '../../src/stream/run.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';

const sum = {
  name: 'sum',
  initial: () => ({ total: 0 }),
  update(memory: { total: number }, value: number) {
    if (value < 0) throw new SampleError('value', 'negative');
    if (value > 100) throw new TypeError('broken');
    memory.total += value;
    return memory.total;
  },
};

const network = (): Network => new Network({ sizes: [2, 3, 1], engine: 'reference' });

const sumCase = { make: () => run(sum), values: [1, 2, 4], expected: [1, 3, 7] } as const;
operatorCases('run', sumCase);
freshForEachSubscriber('run', sumCase);

test('what the part refuses is a rejection with its place in the stream', () => {
  const rejections: Rejection[] = [];
  const rejected = new Subject<Rejection>();
  rejected.subscribe((rejection) => rejections.push(rejection));
  const totals: number[] = [];
  from([1, -1, 2])
    .pipe(run(sum, { rejected }))
    .subscribe((total) => totals.push(total));
  expect(totals).toEqual([1, 3]);
  expect(rejections).toEqual([{ code: 'value', reason: 'negative', index: 1 }]);
});

test('what the part refuses does not vanish where nobody listens: it ends the stream', () => {
  const source = new Subject<number | { value: number; id: string }>();
  const errors: unknown[] = [];
  const part = {
    ...sum,
    update(memory: { total: number }, given: number | { value: number }) {
      return sum.update(memory, typeof given === 'number' ? given : given.value);
    },
  };
  source.pipe(run(part)).subscribe({ error: (error) => errors.push(error) });
  source.next(1);
  source.next({ value: -1, id: 'row 7' });
  expect(errors).toEqual([
    new UnhandledRejectionError(
      { code: 'value', reason: 'negative', index: 1, id: 'row 7' },
      'sum',
    ),
  ]);
  expect(String(errors[0])).toMatch(
    /index 1 \(id "row 7"\): negative\. Pass the option `rejected`/,
  );
  expect(source.observed).toBe(false);
});

test.each<[string, (bad: Observable<never>) => Observable<unknown>]>([
  ['encode', (bad) => bad.pipe(encode())],
  ['standardise', (bad) => bad.pipe(standardise())],
  ['lag', (bad) => bad.pipe(lag({ of: 'a' }))],
  ['movingAverage', (bad) => bad.pipe(movingAverage({ of: 'a', last: 2 }))],
  ['exponentialAverage', (bad) => bad.pipe(exponentialAverage({ of: 'a', halfLife: 2 }))],
  ['joinLabels', (bad) => joinLabels(NEVER, bad.pipe(map(() => ({ id: 'x', target: 1 }))))],
  ['learn', (bad) => bad.pipe(learn(network()))],
  ['forward', (bad) => bad.pipe(forward(network()))],
  [
    'backprop',
    (bad) =>
      bad.pipe(
        map(() => ({ sample: { x: [1, 2] } }) as never),
        backprop(network()),
      ),
  ],
])('%s ends with an error that names the sample, too', (_name, operator) => {
  const bad = of({ x: [1 / 0], y: [1], features: null }) as Observable<never>;
  const errors: unknown[] = [];
  operator(bad).subscribe({ error: (error) => errors.push(error) });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toBeInstanceOf(UnhandledRejectionError);
});

test('any other error of the part ends the stream and lets go of the source', () => {
  const source = new Subject<number>();
  const errors: unknown[] = [];
  source.pipe(run(sum)).subscribe({ error: (error) => errors.push(error) });
  source.next(101);
  expect(errors).toEqual([new TypeError('broken')]);
  expect(source.observed).toBe(false);
});

test('a given memory is used, and changed in place', () => {
  const memory = { total: 10 };
  const totals: number[] = [];
  from([1, 2])
    .pipe(run(sum, { memory }))
    .subscribe((total) => totals.push(total));
  expect(totals).toEqual([11, 13]);
  expect(memory.total).toBe(13);
});

describe('parts in a row', () => {
  const atMost = (limit: number) => ({
    name: `at most ${limit}`,
    initial: () => null,
    update(_memory: null, value: number) {
      if (value > limit) throw new SampleError('value', `more than ${limit}`);
      return value;
    },
  });

  test('each counts its own values, of which those before it have kept some', () => {
    const rejections: Rejection[] = [];
    const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
    const ignored = { rejected: { next() {} } };
    const left: number[] = [];
    from([1, 9, 5, 2, 8, 4, 3])
      .pipe(run(atMost(6), { rejected }), run(atMost(3), { rejected }), run(atMost(2), ignored))
      .subscribe((value) => left.push(value));
    expect(left).toEqual([1, 2]);
    expect(rejections.map(({ reason, index }) => [reason, index])).toEqual([
      ['more than 6', 1],
      ['more than 3', 1],
      ['more than 6', 4],
      ['more than 3', 3],
    ]);
  });

  test('a stream that ends in the middle is none the less a stream of its own', () => {
    const sums = from([1, 2, 3]).pipe(run(sum));
    const seen: number[] = [];
    sums.pipe(run(sum)).subscribe((value) => seen.push(value));
    sums.subscribe((value) => seen.push(value));
    expect(seen).toEqual([1, 4, 10, 1, 3, 6]);
  });

  test('a value passes all of them before the next one comes', () => {
    const log: string[] = [];
    const logger = (name: string) => ({
      name,
      initial: () => null,
      update(_memory: null, value: number) {
        log.push(`${name}${value}`);
        return value;
      },
    });
    from([1, 2])
      .pipe(run(logger('a')), run(logger('b')))
      .subscribe();
    expect(log).toEqual(['a1', 'b1', 'a2', 'b2']);
  });
});
