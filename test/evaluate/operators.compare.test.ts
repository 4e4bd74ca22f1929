import { from, map, of, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { mistakeOf } from '../../src/evaluate/detector.ts';
import { compare } from '../../src/evaluate/operators.ts';
import type { Update } from '../../src/learn/learner.ts';
import { updateOf } from './updates.ts';

const a = updateOf(1, [1, 0], [1, 0], 2);
const b = updateOf(2, [1, 0], [0, 1], 4);
const updates = { a, b };
const differences = map((pair: { read(): { difference: number } }) => pair.read().difference);

const inTime = (body: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted)).run(body);
};

describe('compare', () => {
  test.each([
    ['never', '-', '-', '-'],
    ['empty', '|', '|', '|'],
    ['one value', '-b|', '-a|', '-x|'],
    ['many values', '-bb|', '-ab|', '-xy|'],
    ['an error of the champion', '-b#', '-a-', '-x#'],
    ['an error of the challenger', '-b-', '-a#', '-x#'],
    ['an endless source', '-b-b-', '-a-b-', '-x-y-'],
    ['a challenger that comes later', '-bb--|', '---ab|', '---xy|'],
  ])('%s', (_, champions, challengers, output) => {
    inTime(({ hot, expectObservable }) => {
      const pairs = hot(champions, updates).pipe(compare(hot(challengers, updates)), differences);
      expectObservable(pairs).toBe(output, { x: 2, y: 1 });
    });
  });

  test('early unsubscribe lets both go', () => {
    inTime(({ hot, expectObservable, expectSubscriptions }) => {
      const [champions, challengers] = [hot('-b-b-b-', updates), hot('-a-a-a-', updates)];
      const pairs = champions.pipe(compare(challengers), differences);
      expectObservable(pairs, '--!').toBe('-x', { x: 2 });
      expectSubscriptions(champions.subscriptions).toBe('^-!');
      expectSubscriptions(challengers.subscriptions).toBe('^-!');
    });
  });

  test('compares what `of` returns', () => {
    const seen: number[] = [];
    from([a, b])
      .pipe(compare(of(b, b), { of: mistakeOf }), differences)
      .subscribe((difference) => seen.push(difference));
    expect(seen).toEqual([-1, -0.5]);
  });

  test('both learners may come from one shared stream', () => {
    const source = new Subject<Update>();
    const seen: number[] = [];
    const better = source.pipe(map((update) => ({ ...update, cost: update.cost - 1 })));
    source.pipe(compare(better), differences).subscribe((difference) => seen.push(difference));
    source.next(a);
    source.next(b);
    expect(seen).toEqual([1, 1]);
  });
});
