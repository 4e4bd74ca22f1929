import { Readable } from 'node:stream';
import { lastValueFrom, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import { ndjson } from '../../../../src/node/sources/files/ndjson.ts';
import type { Rejection } from '../../../../src/stream/rejection.ts';

const read = async (text: string) => {
  const rejections: Rejection[] = [];
  const rejected = { next: (rejection: Rejection) => rejections.push(rejection) };
  const source = ndjson(Readable.from([Buffer.from(text)]), { rejected });
  const all = await lastValueFrom(source.pipe(toArray()));
  const examples = all.map(({ line: _line, ...example }) => example);
  return { examples, lines: all.map(({ line }) => line), rejections };
};

test('a line is a record; nested fields get dotted names', async () => {
  const { examples, lines } = await read(
    '{"a":1,"pos":{"x":2,"tags":["r"]},"target":"yes"}\r\n\n{"a":2}',
  );
  expect(examples).toEqual([
    { features: { a: 1, 'pos.x': 2, 'pos.tags.0': 'r' }, target: 'yes' },
    { features: { a: 2 } },
  ]);
  expect(lines).toEqual([1, 3]);
});

test('a line that is not a record is rejected with its number, and the stream continues', async () => {
  const deep = `${'{"a":'.repeat(20)}1${'}'.repeat(20)}`;
  const text = ['nonsense', '[1]', '3', 'null', '{"__proto__":{"b":1}}', deep, '{"a":1}'].join(
    '\n',
  );
  const { examples, rejections } = await read(text);
  expect(examples).toEqual([{ features: { a: 1 } }]);
  expect(rejections.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(rejections[0]?.reason).toMatch(/^line 1: not JSON: /);
  expect(rejections[3]?.reason).toBe('line 4: expected a record such as {"a": 1}, got null');
});

test('a line of ten megabytes is rejected', async () => {
  const { examples, rejections } = await read(`{"a":"${'x'.repeat(1e7)}"}\n{"a":1}\n`);
  expect(examples).toEqual([{ features: { a: 1 } }]);
  expect(rejections[0]?.reason).toBe('line 1: too long');
});

test('an empty file is an error', async () => {
  await expect(read('')).rejects.toThrow('the stream is empty');
});
