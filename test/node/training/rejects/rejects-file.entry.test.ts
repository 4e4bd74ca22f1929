import { expect, test } from 'vitest';
import { rejectsEntry } from '../../../../src/node/training/rejects/rejects-file.ts';
import { SampleError } from '../../../../src/stream/rejection.ts';

const context = { source: 'rows.csv', target: 'price', id: 'key' };

const entry = (raw: unknown) => {
  const rejection = new SampleError('value', 'it is bad').at(7, undefined, raw);
  const line = rejectsEntry(rejection, context, 1_700_000_000_000);
  return { line, parsed: JSON.parse(line) as Record<string, unknown> };
};

test('an entry has the reason, the position and the record with the names of its source', () => {
  const raw = { features: { a: 1, nested: { b: 'x' } }, target: 9, id: 'k7', line: 8 };
  expect(entry(raw).parsed).toEqual({
    ...{ code: 'value', reason: 'it is bad', source: 'rows.csv', index: 7 },
    at: 1_700_000_000_000,
    record: { a: 1, nested: { b: 'x' }, price: 9, key: 'k7' },
  });
});

test.each([
  ['not JSON', { text: 'not JSON' }],
  [['a', 'b'], { fields: ['a', 'b'] }],
  [
    { x: new Float64Array([1, Number.NaN]), y: [1] },
    { x: [1, null], y: [1] },
  ],
  [{ any: 'thing' }, { record: { any: 'thing' } }],
  [7, { value: 7 }],
  [undefined, {}],
  [{ features: { big: 2n, call: Math.abs, sign: Symbol('s') } }, { record: { big: '2' } }],
])('whatever was rejected is a line of JSON: %o', (raw, expected) => {
  expect(entry(raw).parsed).toMatchObject(expected);
});

test('what is too deep, or too long, is left out, and the line says so', () => {
  let deep: object = {};
  for (let i = 0; i < 1e5; i += 1) deep = { deep };
  expect(entry(deep).parsed).toMatchObject({ omitted: 'nested deeper than 32 levels' });
  expect(entry({ a: 'x'.repeat(70_000) }).parsed['omitted']).toMatch(/characters of JSON/);
  const { parsed } = entry('x'.repeat(70_000));
  expect(parsed).toMatchObject({ omitted: '4464 characters' });
  expect(parsed['text']).toHaveLength(65_536);
});

test('control characters are escaped, also those that JSON leaves as they are', () => {
  const text = '\u001b]52;c;x\u0007 \u009b31m \u202egnp \u2028 \ufeff';
  const { line, parsed } = entry(text);
  expect(parsed['text']).toBe(text);
  expect(line).toMatch(/^[ -~]*\n$/);
});
