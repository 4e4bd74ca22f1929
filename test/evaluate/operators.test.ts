import { EMPTY, from, map, type Observable, of, Subject, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { evaluation } from '../../src/evaluate/evaluation.ts';
import { accuracy } from '../../src/evaluate/metrics/index.ts';
import { evaluate, totalCost } from '../../src/evaluate/operators.ts';
import type { Update } from '../../src/learn/learner.ts';
import { updateOf } from './updates.ts';

const a = updateOf(1, [1, 0], [1, 0], 2);
const b = updateOf(2, [1, 0], [0, 1], 4);
const updates = { a, b };

const operators: Record<string, (source: Observable<Update>) => Observable<number>> = {
  totalCost: (source) =>
    source.pipe(
      totalCost(),
      map(({ mean }) => mean),
    ),
  evaluate: (source) =>
    source.pipe(
      evaluate({ accuracy: accuracy() }),
      map((score) => score.total.mean),
    ),
};

const inTime = (body: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(body);
};

describe.each(Object.entries(operators))('%s', (_, operator) => {
  test.each([
    ['never', '-', '-'],
    ['empty', '|', '|'],
    ['one value', '-a|', '-a|'],
    ['many values', '-a-b-|', '-a-b-|'],
    ['error', '-a-#', '-a-#'],
    ['endless', '-a-b---', '-a-b---'],
  ])('%s', (_name, input, output) => {
    inTime(({ hot, expectObservable }) => {
      expectObservable(operator(hot(input, updates))).toBe(output, { a: 2, b: 3 });
    });
  });

  test('early unsubscribe', () => {
    inTime(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('-a-b-a-b-|', updates);
      expectObservable(operator(source), '----!').toBe('-a-b-', { a: 2, b: 3 });
      expectSubscriptions(source.subscriptions).toBe('^---!');
    });
  });

  test('two subscribers share nothing', () => {
    const means: number[] = [];
    const averaged = operator(of(a, b));
    averaged.subscribe();
    averaged.subscribe((mean) => means.push(mean));
    expect(means).toEqual([2, 3]);
  });

  test('an error of the source passes', () => {
    const seen: unknown[] = [];
    operator(throwError(() => 'broken')).subscribe({ error: (error) => seen.push(error) });
    expect(seen).toEqual(['broken']);
  });
});

test('the total goes on from where it stood', () => {
  let mean = Number.NaN;
  from([a, b])
    .pipe(totalCost({ count: 2, sum: 18, sumSquares: 162, mean: 9, nonFinite: 0 }))
    .subscribe((total) => {
      mean = total.mean;
    });
  expect(mean).toBe(6);
});

test('the totals that were emitted stay as they were', () => {
  const totals: unknown[] = [];
  from([a, b])
    .pipe(totalCost())
    .subscribe((total) => totals.push(total));
  expect(totals).toEqual([
    { count: 1, sum: 2, sumSquares: 4, mean: 2, nonFinite: 0 },
    { count: 2, sum: 6, sumSquares: 20, mean: 3, nonFinite: 0 },
  ]);
});

test('a score is the update with its measures, read as it arrives', () => {
  const seen: unknown[] = [];
  from([a, b])
    .pipe(evaluate({ accuracy: accuracy() }))
    .subscribe((score) => seen.push([score.step, score.cost, score.read().metrics['accuracy']]));
  expect(seen).toEqual([
    [1, 2, 1],
    [2, 4, 0.5],
  ]);
});

test('it goes on in the memory it is given', () => {
  const metrics = { accuracy: accuracy() };
  const memory = evaluation(metrics).initial();
  from([a, b]).pipe(evaluate(metrics, { memory })).subscribe();
  expect(memory.total.count).toBe(2);
  EMPTY.pipe(evaluate(metrics, { memory })).subscribe();
  expect(evaluation(metrics).read(memory).metrics).toEqual({ accuracy: 0.5 });
});

test('it stops listening when nobody listens to it', () => {
  const source = new Subject<Update>();
  source.pipe(evaluate()).subscribe().unsubscribe();
  expect(source.observed).toBe(false);
});
