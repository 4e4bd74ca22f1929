import { expect, test } from 'vitest';
import { lags } from '../../src/encode/lags.ts';
import { movingMeans } from '../../src/encode/moving-means.ts';
import { chain } from '../../src/stream/chain.ts';

const both = chain(lags({ of: 'a' }), lags({ of: 'a:lag1' }));
const example = (a: number) => ({ features: { a } });

test('each part takes what the one before it returns', () => {
  const memory = both.initial();
  const outs = [1, 2, 3].map((a) => both.update(memory, example(a)).features);
  expect(outs).toEqual([
    { a: 1, 'a:lag1': null, 'a:lag1:lag1': null },
    { a: 2, 'a:lag1': 1, 'a:lag1:lag1': null },
    { a: 3, 'a:lag1': 2, 'a:lag1:lag1': 1 },
  ]);
});

test('asking changes nothing, and its memory is plain data', () => {
  const memory = both.initial();
  both.update(memory, example(1));
  const copy = JSON.parse(JSON.stringify(memory));
  expect(both.apply(memory, example(2))).toEqual(both.update(copy, example(2)));
  expect(memory).not.toEqual(copy);
});

test('without parts it gives what it takes', () => {
  const none = chain<null, number>();
  expect(none.update(none.initial(), 3)).toBe(3);
});

test('parts may have memories of different kinds', () => {
  const mixed = chain(lags({ of: 'a' }), movingMeans({ of: 'a', last: 2 }));
  const memory = mixed.initial();
  for (const a of [1, 2]) mixed.update(memory, example(a));
  expect(mixed.apply(memory, example(3)).features).toEqual({ a: 3, 'a:lag1': 2, 'a:mean2': 1.5 });
});
