import { expect, test } from 'vitest';
import { type FadingMeansOptions, fadingMeans } from '../../src/encode/fading-means.ts';
import { type LagOptions, lags } from '../../src/encode/lags.ts';
import { movingMeans } from '../../src/encode/moving-means.ts';
import { exponentialAverage, lag, movingAverage } from '../../src/encode/operators.ts';
import type { Example } from '../../src/sources/example.ts';
import type { Applicable } from '../../src/stream/stateful.ts';
import { freshForEachSubscriber, operatorCases } from '../contracts/operator-cases.ts';

const through = <Memory>(
  part: Applicable<Memory, Example, Example>,
  examples: readonly Example[],
): Example['features'][] => {
  const memory = part.initial();
  return examples.map((example) => part.update(memory, example).features);
};

const heats = (...values: unknown[]): Example[] =>
  values.map((heat) => ({ features: { heat }, target: 0 }));

const targets = (...values: (number | string | undefined)[]): Example[] =>
  values.map((target) => ({ features: {}, ...(target === undefined ? {} : { target }) }));

const values = [
  { features: { heat: 1 } },
  { features: { heat: 2 } },
  { features: { heat: 4 } },
] as const;
const lagCase = {
  make: () => lag({ of: 'heat', last: 2 }),
  values,
  expected: [
    { features: { heat: 1, 'heat:lag1': null, 'heat:lag2': null } },
    { features: { heat: 2, 'heat:lag1': 1, 'heat:lag2': null } },
    { features: { heat: 4, 'heat:lag1': 2, 'heat:lag2': 1 } },
  ],
} as const;
const movingCase = {
  make: () => movingAverage({ of: 'heat', last: 2 }),
  values,
  expected: [
    { features: { heat: 1, 'heat:mean2': null } },
    { features: { heat: 2, 'heat:mean2': 1 } },
    { features: { heat: 4, 'heat:mean2': 1.5 } },
  ],
} as const;
const fadingCase = {
  make: () => exponentialAverage({ of: 'heat', halfLife: 1 }),
  values,
  expected: [
    { features: { heat: 1, 'heat:fading1': null } },
    { features: { heat: 2, 'heat:fading1': 1 } },
    { features: { heat: 4, 'heat:fading1': 1.5 } },
  ],
} as const;
operatorCases('lag', lagCase);
freshForEachSubscriber('lag', lagCase);
operatorCases('movingAverage', movingCase);
freshForEachSubscriber('movingAverage', movingCase);
operatorCases('exponentialAverage', fadingCase);
freshForEachSubscriber('exponentialAverage', fadingCase);

test("the target's past never has the present target in it", () => {
  expect(through(lags({ of: 'target', last: 2 }), targets(5, 6, 7))).toEqual([
    { 'target:lag1': null, 'target:lag2': null },
    { 'target:lag1': 5, 'target:lag2': null },
    { 'target:lag1': 6, 'target:lag2': 5 },
  ]);
});

test('a target that is missing is skipped', () => {
  const features = through(lags({ of: 'target' }), targets('a', undefined, undefined, 'b', 'c'));
  expect(features.map((each) => each['target:lag1'])).toEqual([null, 'a', 'a', 'a', 'b']);
});

test('lags remember no more values than they give', () => {
  const part = lags({ of: ['heat', 'target'], last: 3 });
  const memory = part.initial();
  for (const example of heats(1, 2, 3, 4, 5)) part.update(memory, example);
  expect(memory.past).toEqual([
    [5, 4, 3],
    [0, 0, 0],
  ]);
});

test('what the encoder would refuse does not come back', () => {
  const bad = heats(Number.POSITIVE_INFINITY, Number.NaN, {}, () => 1, '', 3);
  const features = through(lags({ of: 'heat' }), [...bad, ...heats(4)]);
  expect(features.map((each) => each['heat:lag1'])).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
    3,
  ]);
});

test('names that mean something to JavaScript have no past of their own accord', () => {
  const features = through(lags({ of: ['__proto__', 'constructor'] }), heats(1, 2));
  expect(features[1]).toEqual({ heat: 2, '__proto__:lag1': null, 'constructor:lag1': null });
});

test('a moving mean forgets what has left its window, also after something huge', () => {
  const features = through(movingMeans({ of: 'heat', last: 3 }), heats(1e300, 2, 'x', 3, 4, 5, 6));
  expect(features.at(-1)?.['heat:mean3']).toBe(4);
});

test.each([
  [{ last: 4 }, movingMeans],
  [{ halfLife: 2 }, fadingMeans],
] as const)('a mean over %o is finite, whatever comes', (options, part) => {
  const make = part as (options: object) => Applicable<unknown, Example, Example>;
  const features = through(
    make({ of: 'heat', ...options }),
    heats(1.7e308, -1.7e308, 1.7e308, true, 0),
  );
  for (const each of features.slice(1)) expect(Object.values(each)[1]).toSatisfy(Number.isFinite);
});

test('a fading mean is the plain mean at first and halves in a half-life', () => {
  const part = fadingMeans({ of: 'heat', halfLife: 10 });
  const features = through(part, heats(...Array(200).fill(0), ...Array(10).fill(1), 0));
  expect(features.at(-1)?.['heat:fading10']).toBeCloseTo(0.5, 4);
});

test.each([
  lags({ of: ['heat', 'target'], last: 3 }),
  movingMeans({ of: 'heat', last: 3 }),
  fadingMeans({ of: 'heat', halfLife: 3 }),
] as Applicable<unknown, Example, Example>[])(
  '$name: asking changes nothing, and a copy of the memory resumes as the memory does',
  (part) => {
    const memory = part.initial();
    for (const example of heats(1, 2, 3, 4)) part.update(memory, example);
    const copy = structuredClone(memory);
    const asked = part.apply(memory, heats(7)[0]!);
    expect(memory).toEqual(copy);
    expect(part.update(copy, heats(7)[0]!)).toEqual(asked);
    expect(part.update(memory, heats(7)[0]!)).toEqual(asked);
    expect(memory).toEqual(copy);
  },
);

test.each([
  () => lags({ of: [] }),
  () => lags({ of: 3 } as unknown as LagOptions),
  () => lags({ of: 'a', last: 0 }),
  () => lags({ of: 'a', last: 1_001 }),
  () => movingMeans({ of: 'a', last: 1e9 }),
  () => fadingMeans({ of: 'a', halfLife: 0 }),
  () => fadingMeans({ of: 'a' } as FadingMeansOptions),
])('misuse is refused: %s', (make) => {
  expect(make).toThrow(/expected/);
});

test('a long text is remembered by a text of bounded length, the same for the same one', () => {
  const [one, other] = ['x'.repeat(100_000), `${'x'.repeat(99_999)}y`];
  const part = lags({ of: 'heat', last: 3 });
  const memory = part.initial();
  for (const example of heats(one, other, one)) part.update(memory, example);
  const [newest, middle, oldest] = memory.past[0] as string[];
  expect(newest).toBe(oldest);
  expect(newest).not.toBe(middle);
  expect(JSON.stringify(memory).length).toBeLessThan(200);
});
