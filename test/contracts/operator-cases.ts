import { from, map, type OperatorFunction, take, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';

/** An operator that answers each value with one, and what it is to make of three values. */
export interface OperatorCase<In, Out> {
  /** A new operator, with nothing remembered. */
  readonly make: () => OperatorFunction<In, Out>;
  /** Three values that it takes, in this order. */
  readonly values: readonly [In, In, In];
  /** What must come out for them. Compared with `toEqual`. */
  readonly expected: readonly [unknown, unknown, unknown];
  /** What of an output is compared. Default: all of it. */
  readonly show?: (out: Out) => unknown;
}

/** RxJS's six cases: never, empty, one and many values, error, endless, early unsubscribe. */
export const operatorCases = <In, Out>(name: string, operator: OperatorCase<In, Out>): void => {
  describe(`the operator ${name}`, () => {
    test.each(marbles)('passes on %s', (_case, source) => passesOn(operator, source));
    test('lets go of its source when it is unsubscribed early', () => letsGo(operator));
    test('ends an endless source that emits all at once', () => endsEndless(operator));
    test('leaves its input as it was', () => leavesInput(operator));
  });
};

/** Where nothing is remembered from one subscription to the next. */
export const freshForEachSubscriber = <In, Out>(
  name: string,
  { make, values, expected, show = (out) => out }: OperatorCase<In, Out>,
): void => {
  test(`the operator ${name} begins anew for each subscriber`, () => {
    const results = from(values).pipe(make(), map(show), toArray());
    for (const _subscriber of [1, 2])
      results.subscribe((result) => expect(result).toEqual(expected));
    expect.assertions(2);
  });
};

const marbles = [
  ['never', '-'],
  ['empty', '--|'],
  ['one value', '-a|'],
  ['many values', '-ab-c|'],
  ['an error', '-a-b#'],
  ['an error at once', '#'],
  ['an endless source', '-a-b-c---'],
] as const;

const inTime = (body: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(body);
};

const byLetter = <T>([a, b, c]: readonly [T, T, T]): Record<string, T> => ({ a, b, c });

const passesOn = <In, Out>(operator: OperatorCase<In, Out>, source: string): void => {
  const { make, values, expected, show = (out) => out } = operator;
  inTime(({ hot, expectObservable }) => {
    // One emission must not change when the next one comes: they are compared at the end.
    const output = hot(source, byLetter(values)).pipe(make(), map(show));
    expectObservable(output).toBe(source, byLetter(expected));
  });
};

const letsGo = <In, Out>(operator: OperatorCase<In, Out>): void => {
  const { make, values, expected, show = (out) => out } = operator;
  inTime(({ hot, expectObservable, expectSubscriptions }) => {
    const source = hot('-a-b-c-', byLetter(values));
    expectObservable(source.pipe(make(), map(show)), '^---!').toBe('-a-b', byLetter(expected));
    expectSubscriptions(source.subscriptions).toBe('^---!');
  });
};

const endsEndless = <In, Out>({ make, values }: OperatorCase<In, Out>): void => {
  const limit = 1_000;
  let pulled = 0;
  function* endless(): Generator<In> {
    while (pulled < limit) {
      yield values[pulled % values.length]!;
      pulled += 1;
    }
  }
  let seen = 0;
  from(endless())
    .pipe(make(), take(2))
    .subscribe(() => {
      seen += 1;
    });
  expect(seen).toBe(2);
  expect(pulled).toBeLessThan(limit);
};

const leavesInput = <In, Out>({ make, values }: OperatorCase<In, Out>): void => {
  const before = structuredClone(values);
  from(values).pipe(make()).subscribe();
  expect(values).toEqual(before);
};
