import { expect, test } from 'vitest';
import { oversize } from '../../src/sources/nesting.ts';

const limits = { depthMax: 3, valuesMax: 4 };

test('a record within the limits is not too large', () => {
  expect(oversize({}, limits)).toBeUndefined();
  expect(oversize({ a: { b: { c: 1 } } }, limits)).toBeUndefined();
  expect(oversize({ a: [1, 2, 3] }, limits)).toBeUndefined();
  expect(oversize({ a: new Date(0), b: null }, limits)).toBeUndefined();
});

test('a record beyond a limit is too large, and the limit is named', () => {
  expect(oversize({ a: { b: { c: [] } } }, limits)).toBe('nested deeper than 3 levels');
  expect(oversize({ a: [1, 2, 3, 4] }, limits)).toBe('more than 4 values');
});

test('the walk ends in a record that is deeper than any stack, and in one that contains itself', () => {
  let deep: object = {};
  for (let i = 0; i < 1e5; i += 1) deep = [deep];
  expect(oversize(deep, { depthMax: 1e9, valuesMax: 1e4 })).toBe('more than 10000 values');
  const cyclic: { self?: object } = {};
  cyclic.self = cyclic;
  expect(oversize(cyclic, limits)).toBe('nested deeper than 3 levels');
});
