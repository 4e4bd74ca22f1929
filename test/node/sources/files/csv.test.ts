import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { lastValueFrom, Subject, take, tap, toArray } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csv } from '../../../../src/node/sources/files/csv.ts';
import type { CsvFileOptions as CsvOptions } from '../../../../src/node/sources/files/files.ts';
import type { Example } from '../../../../src/sources/example.ts';
import type { Rejection } from '../../../../src/stream/rejection.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rivulet-csv-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

type Input = Parameters<typeof csv>[0];

const readWithLines = (input: Input, options?: CsvOptions): Promise<Example[]> =>
  lastValueFrom(csv(input, options).pipe(toArray()));

/** The examples without the lines that they came from. */
const read = async (...args: Parameters<typeof readWithLines>): Promise<Example[]> =>
  (await readWithLines(...args)).map(({ line: _line, ...example }) => example);

test('each example knows its line, which a quoted line break and an empty line count into', async () => {
  const path = file('lines.csv', 'a,target\n1,2\n\n"x\ny",3\n4,5\n');
  expect((await readWithLines(path)).map(({ line }) => line)).toEqual([2, 4, 6]);
});

test('numbers are numbers, text is text, an empty field is missing', async () => {
  const path = file('plain.csv', 'a,b,c,target\n1.5,red,,2\n-2e3, 7 ,x,yes\n');
  expect(await read(path)).toEqual([
    { features: { a: 1.5, b: 'red', c: null }, target: 2 },
    { features: { a: -2000, b: 7, c: 'x' }, target: 'yes' },
  ]);
});

test('a row without a target is only predicted', async () => {
  const [first] = await read(file('unlabelled.csv', 'a,target\n1,\n'));
  expect(first).toEqual({ features: { a: 1 } });
});

test('target, id and time are fields by name', async () => {
  const path = file('names.csv', 'when,id,y,x\n2024-01-01T00:00:00Z,k1,3,4\n');
  expect(await read(path, { target: 'y', id: 'id', time: 'when' })).toEqual([
    { features: { x: 4 }, target: 3, id: 'k1', time: 1704067200000 },
  ]);
});

test('gzip is seen by its first bytes, a byte order mark is left out', async () => {
  const path = file('packed.csv', gzipSync('\uFEFFtarget,a\n1,2\n'));
  expect(await read(path)).toEqual([{ features: { a: 2 }, target: 1 }]);
});

test.each([
  ['tab', 'a\ttarget\n1\t2\n'],
  ['semicolon', 'a;target\n1;2\n'],
  ['bar', '"a"|target\n1|2'],
])('the delimiter is found in the header: %s', async (_name, text) => {
  expect(await read(file('delimited.csv', text))).toEqual([{ features: { a: 1 }, target: 2 }]);
});

test('several files come one after the other, each with its own header', async () => {
  const first = file('1.csv', 'a,target\n1,2\n');
  const second = file('2.csv', 'target,a\n3,4\n');
  const all = await read([first, second]);
  expect(all.map(({ features, target }) => [features['a'], target])).toEqual([
    [1, 2],
    [4, 3],
  ]);
});

test('a stream of bytes is read like a file', async () => {
  expect(await read(Readable.from([Buffer.from('a,tar'), Buffer.from('get\n1,2')]))).toEqual([
    { features: { a: 1 }, target: 2 },
  ]);
});

test('short, long and badly quoted rows are rejected with their line, the others come', async () => {
  const path = file('ragged.csv', 'a,target\n1\n1,2,3\n"x"y,1\n5,6\n');
  const rejected = new Subject<Rejection>();
  const seen: Rejection[] = [];
  rejected.subscribe((rejection) => seen.push(rejection));
  expect(await read(path, { rejected })).toEqual([{ features: { a: 5 }, target: 6 }]);
  expect(seen.map(({ code, reason }) => [code, reason])).toEqual([
    ['shape', 'line 2: expected 2 fields, got 1'],
    ['shape', 'line 3: expected 2 fields, got 3'],
    ['parse', 'line 4: text after the closing quote of field 1'],
  ]);
});

test('nan is a missing value, and inf is a number that is refused, not a category', async () => {
  const [first] = await read(file('inf.csv', 'a,b,c,target\nnan,-inf,Infinity,1\n'));
  expect(first?.features).toEqual({ a: null, b: -Infinity, c: Infinity });
});

test.each([
  ['', 'is empty'],
  ['\n\n', 'is empty'],
  ['1,2\n3,4\n', 'has no header: its first line is 1, 2; say --no-header'],
  ['a,b\n1,2\n', "has no column 'target'; its columns are a, b"],
  ['a,__proto__,target\n', 'a column may not be called __proto__'],
  [gzipSync('a,target\n1,2\n').subarray(0, 20), 'its gzip data ends too early'],
])('a file that cannot be learned from is one clear line: %j', async (content, message) => {
  const path = file('bad.csv', content);
  const failed = expect(read(path)).rejects;
  await failed.toMatchObject({ name: 'SourceError', message: expect.stringContaining(message) });
});

test('a directory and a missing file are named', async () => {
  await expect(read(folder)).rejects.toThrow(`${folder} is a directory, not a file`);
  await expect(read('/no/such.csv')).rejects.toThrow(
    'cannot read /no/such.csv: there is no such file',
  );
});

test('taking a few rows of a large file closes it', async () => {
  const path = file('large.csv', `a,target\n${'1,2\n'.repeat(400_000)}`);
  const progress = { read: 0, total: 0 };
  const rows = await lastValueFrom(csv(path, { progress }).pipe(take(3), toArray()));
  expect(rows).toHaveLength(3);
  expect(progress.total).toBe(9 + 1_600_000);
  expect(progress.read).toBeLessThan(progress.total);
});

test('its signal ends it', async () => {
  const path = file('signal.csv', `a,target\n${'1,2\n'.repeat(400_000)}`);
  const abort = new AbortController();
  let count = 0;
  const rows = csv(path, { signal: abort.signal }).pipe(
    tap(() => {
      count += 1;
      if (count === 5) abort.abort();
    }),
  );
  await lastValueFrom(rows);
  expect(count).toBe(5);
});

test('how far it has been read is kept up to date', async () => {
  const text = `a,target\n${'1,2\n'.repeat(1_000)}`;
  const progress = { read: 0, total: 0 };
  await lastValueFrom(csv(file('progress.csv', text), { progress }));
  expect(progress).toEqual({ read: text.length, total: text.length });
});

test('empty fields at the end of the header and of rows do not count', async () => {
  const rows = await read(file('surplus.csv', 'a;target;;\n1;2;;\n3;4\n5;6;;;\n'));
  expect(rows.map(({ features, target }) => [features, target])).toEqual([
    [{ a: 1 }, 2],
    [{ a: 3 }, 4],
    [{ a: 5 }, 6],
  ]);
});

test('one column at the end without a name is read', async () => {
  const [row] = await read(file('unnamed.csv', 'a,target,\n1,2,3\n'));
  expect(row?.features).toEqual({ a: 1, column3: 3 });
});
