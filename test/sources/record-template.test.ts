import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exampleFromJson } from '../../src/sources/json-lines.ts';
import { RecordTemplate } from '../../src/sources/record-template.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const names = fc.uniqueArray(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 6 });

/** Numbers as JSON writes them, whole ones and fractions. */
const numbers = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -99_999, max: 99_999 }).map((n) => n / 1000),
);

test('what a template reads is what parsing reads, and it leaves the rest to parsing', () => {
  fc.assert(
    fc.property(names, fc.array(numbers, { minLength: 18, maxLength: 18 }), (keys, values) => {
      const wellNamed = keys.filter((key) => key !== '__proto__');
      const textOf = (from: number): string =>
        JSON.stringify(Object.fromEntries(wellNamed.map((key, i) => [key, values[from + i]])));
      const options = { target: wellNamed[0] ?? '' };
      const other = textOf(6);
      const read = RecordTemplate.of(textOf(0), options)?.read(bytes(other));
      if (read) expect(read).toEqual(exampleFromJson(other, options));
    }),
  );
});

test('fields may be nested, and others may stay as they are', () => {
  const text =
    '{"room":"h\\"all 7","at":{"x":1,"y":-2.5},"time":5,"on":true,"gone":null,"target":"warm"}';
  const template = RecordTemplate.of(text, { time: 'time' });
  const other = text.replace('1,', '10.25,').replace('-2.5', '0').replace(':5', ':1000');
  expect(template?.read(bytes(other))).toEqual(exampleFromJson(other, { time: 'time' }));
  expect(template?.read(bytes(other))).toEqual({
    features: { room: 'h"all 7', 'at.x': 10.25, 'at.y': 0, on: true, gone: null },
    target: 'warm',
    time: 1000,
  });
});

test.each([
  '{"a":01,"b":2}',
  '{"a":.5,"b":2}',
  '{"a":1.,"b":2}',
  '{"a":-,"b":2}',
  '{"a":-01,"b":2}',
  '{"a":1e3,"b":2}',
  '{"a":1234567890123456,"b":2}',
  '{"a":1,"b":2} ',
  '{"a":1,"b":2',
  '{"a":1,"c":2}',
  '{"a":1}',
  '{"a":"1","b":2}',
  '',
])('%j is not like it', (text) => {
  expect(RecordTemplate.of('{"a":1,"b":2}', {})?.read(bytes(text))).toBeUndefined();
});

test('a moment that is written as a text does not change', () => {
  const text = '{"a":1,"at":"1970-01-01T00:00:00.000Z"}';
  const template = RecordTemplate.of(text, { time: 'at' });
  expect(template?.read(bytes(text))).toEqual({ features: { a: 1 }, time: 0 });
});

test('where a number is hidden or becomes a text there is no template', () => {
  expect(RecordTemplate.of('{"a":1,"a":2}', {})).toBeUndefined();
  expect(RecordTemplate.of('{"id":1,"a":2}', { id: 'id' })).toBeUndefined();
  const dated = '{"a":1,"a":2,"at":"1970-01-01T00:00:00.000Z"}';
  expect(RecordTemplate.of(dated, { time: 'at' })).toBeUndefined();
});

test('what was read stays as it is when the next one is read', () => {
  const template = RecordTemplate.of('{"a":1,"target":2}', {})!;
  const first = template.read(bytes('{"a":3,"target":4}'));
  template.read(bytes('{"a":5,"target":6}'));
  expect(first).toEqual({ features: { a: 3 }, target: 4 });
});

test('a byte-order mark belongs to the template, and what is not JSON has none', () => {
  const text = '\uFEFF{"a":1,"target":2}';
  const template = RecordTemplate.of(text, {});
  expect(template?.read(bytes(text.replace('1', '3')))).toEqual({ features: { a: 3 }, target: 2 });
  expect(template?.read(bytes('{"a":1,"target":2}'))).toBeUndefined();
  expect(RecordTemplate.of('{"a":1,', {})).toBeUndefined();
  expect(RecordTemplate.of('{"__proto__":1}', {})).toBeUndefined();
});
