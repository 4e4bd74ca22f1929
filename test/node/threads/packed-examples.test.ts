import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packExamples } from '../../../src/node/threads/packed-examples.ts';
import { Unpacker } from '../../../src/node/threads/unpacker.ts';
import type { Example } from '../../../src/sources/example.ts';

const unpacker = new Unpacker();

const across = (examples: readonly (Example | undefined)[]): (Example | undefined)[] =>
  unpacker.unpack(structuredClone(packExamples(examples)));

test('examples are the same on the other side', () => {
  const examples = [
    { features: { a: 1, b: 2.5 }, target: 1 },
    undefined,
    { features: { a: 3, b: -0 }, target: 0 },
    { features: { b: 1, a: 2 }, target: 'high', id: '7', time: 12, line: 3, weight: 2 },
    { features: { colour: 'red', isHot: true, missing: null, odd: Number.NaN } },
    { features: {} },
  ];
  expect(across(examples)).toEqual(examples);
});

test('names that are alike share a shape, and numbers one buffer', () => {
  const example = { features: { a: 1, b: 2 }, target: 0 };
  const { shapes, numbers, rest } = packExamples([example, undefined, example, example]);
  expect(shapes).toHaveLength(1);
  expect(numbers).toHaveLength(9);
  expect(rest).toEqual([]);
});

test('many of one shape are the same too, whatever their names', () => {
  const one = (k: number): Example => ({
    features: { a: k, 7: k / 2, '"]: 0, ["b': null, colour: k % 2 === 0 ? 'red' : k },
    target: k,
  });
  const other = (k: number): Example => ({ features: { b: k, a: 'x' }, line: k });
  const examples = Array.from({ length: 300 }, (_, k) =>
    k < 200 && k !== 100 ? one(k) : other(k),
  );
  expect(across(examples)).toEqual(examples);
  expect(across(examples.slice(0, 10))).toEqual(examples.slice(0, 10));
});

test('whatever examples there are, they arrive', () => {
  const value = fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null));
  const features = fc.dictionary(
    fc.string().filter((name) => name !== '__proto__'),
    value,
  );
  const example = fc.record(
    { features, target: fc.double(), id: fc.string() },
    { requiredKeys: ['features'] },
  );
  fc.assert(
    fc.property(fc.array(fc.option(example, { nil: undefined })), (examples) => {
      expect(across(examples as (Example | undefined)[])).toEqual(examples);
    }),
  );
});
