import { expect, test } from 'vitest';
import { csv } from '../../../../src/node/sources/files/csv.ts';
import type { CsvFileOptions } from '../../../../src/node/sources/files/files.ts';
import { csvBatches } from '../../../../src/sources/csv/csv-batches.ts';
import type { Example } from '../../../../src/sources/example.ts';

interface ReadOptions extends CsvFileOptions {
  readonly isTargetOptional?: boolean;
}

interface Outcome {
  readonly examples: readonly Example[];
  readonly notices: readonly string[];
  readonly rejected: readonly string[];
}

const piecesOf = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );

const readPieces = async (
  pieces: readonly Uint8Array[],
  options: ReadOptions,
): Promise<Outcome> => {
  const [notices, rejected]: string[][] = [[], []];
  // One buffer for all, as for a file that is followed: a piece is gone when the next one is read.
  const buffer = Buffer.alloc(Math.max(...pieces.map(({ length }) => length)));
  const reused = async function* (): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      buffer.fill(0).set(piece);
      yield buffer.subarray(0, piece.length);
    }
  };
  const examples: Example[] = [];
  const batches = csvBatches(
    { name: 'the stream', bytes: reused() },
    {
      ...options,
      events: { next: ({ kind, message }) => notices!.push(`${kind} ${message}`) },
      rejected: { next: ({ reason }) => rejected!.push(reason) },
    },
  );
  for await (const some of batches) examples.push(...some);
  return { examples, notices: notices!, rejected: rejected! };
};

/** What is read of a text, which must be the same however it is cut into pieces. */
const read = async (text: string | Uint8Array, options: ReadOptions = {}): Promise<Outcome> => {
  const bytes = Buffer.from(text as string);
  const whole = await readPieces([bytes], options);
  for (const size of [1, 7])
    expect(await readPieces(piecesOf(bytes, size), options)).toEqual(whole);
  return whole;
};

/** The features and the target of each row. */
const valuesOf = ({ examples }: Outcome): unknown[] =>
  examples.map(({ features, target }) => ({ ...features, target }));

/** What all of the plain variants below hold. */
const plain = [
  { a: 1.5, b: 'red', target: 7 },
  { a: 2.5, b: 'blue', target: 8 },
  { a: 3.5, b: 'red', target: 9 },
];

test.each([
  ['a line sep=;', 'sep=;\na;b;target\n1.5;red;7\n2.5;blue;8\n3.5;red;9\n'],
  [
    'a line sep=, in capitals and CR LF',
    'SEP=,\r\na,b,target\r\n1.5,red,7\r\n2.5,blue,8\r\n3.5,red,9',
  ],
  [
    'comments above the header',
    '# by a logger\n#, v2\na,b,target\n1.5,red,7\n2.5,blue,8\n3.5,red,9\n',
  ],
  [
    'a title above the header',
    'Meter 12, hall\n\nfrom;to\na,b,target\n1.5,red,7\n2.5,blue,8\n3.5,red,9\n',
  ],
  ['a header that is a comment', '#a,b,target\n1.5,red,7\n2.5,blue,8\n3.5,red,9\n'],
  ['comments among the rows', 'a,b,target\n1.5,red,7\n# restart\n2.5,blue,8\n3.5,red,9\n# end\n'],
  ['the header again in the middle', 'a,b,target\n1.5,red,7\n2.5,blue,8\na,b,target\n3.5,red,9\n'],
  ['empty fields at the ends of lines', 'a;b;target;;\n1.5;red;7;;\n2.5;blue;8;;\n3.5;red;9;;\n'],
  ['one empty field at the ends of lines', 'a,b,target,\n1.5,red,7,\n2.5,blue,8,\n3.5,red,9,\n'],
  ['an empty field at the ends of rows', 'a,b,target\n1.5,red,7,\n2.5,blue,8,\n3.5,red,9,\n'],
  ['lines that end in CR alone', 'a,b,target\r1.5,red,7\r2.5,blue,8\r3.5,red,9\r'],
  ['spaces between fields', 'a b target\n1.5 red 7\n2.5 blue 8\n3.5 red 9\n'],
  ['tabs, and commas in a header', '"a"\tb\ttarget\n1.5\tred\t7\n2.5\tblue\t8\n3.5\tred\t9\n'],
])('%s do not change what is read', async (_name, text) => {
  const outcome = await read(text);
  expect(valuesOf(outcome)).toEqual(plain);
  expect(outcome.rejected).toEqual([]);
});

test('the delimiter is the one with as many fields in each row as the header has', async () => {
  const commas = await read('a;b (m, mean);target\n1,5;red;2,5\n3,5;blue, dark;4,5\n');
  expect(commas.examples.map(({ features }) => Object.keys(features))).toEqual([
    ['a', 'b (m, mean)'],
    ['a', 'b (m, mean)'],
  ]);
  const semicolons = await read('a,tags,target\n1,x;y;z,2\n3,x;y;z;w,4\n');
  expect(valuesOf(semicolons)).toEqual([
    { a: 1, tags: 'x;y;z', target: 2 },
    { a: 3, tags: 'x;y;z;w', target: 4 },
  ]);
});

test('a delimiter that is given is used', async () => {
  const outcome = await read('a:b,c:target\n1:2,3:4\n', { delimiter: ':' });
  expect(valuesOf(outcome)).toEqual([{ a: 1, 'b,c': '2,3', target: 4 }]);
});

test('columns with the same name or none are renamed, and a notice says so', async () => {
  const { examples, notices } = await read('a,a,,target,a_2,target\n1,2,3,4,5,6\n');
  expect(examples[0]).toMatchObject({
    features: { a: 1, a_3: 2, column3: 3, a_2: 5, target_2: 6 },
    target: 4,
  });
  expect(notices).toEqual([
    "notice the stream: column 2 is another 'a': it is called a_3; column 3 has no name: it is called " +
      "column3; column 6 is another 'target': it is called target_2",
  ]);
});

test('a header of one name fewer than fields has no name for the first column', async () => {
  const outcome = await read('"a","target"\n"1",2,3\n"2",4,5\n');
  expect(valuesOf(outcome)).toEqual([
    { column1: 1, a: 2, target: 3 },
    { column1: 2, a: 4, target: 5 },
  ]);
});

test('a row of numbers is no header below one of one name fewer', async () => {
  const outcome = await read('a,b\n1,2,3\n4,5,6\n', { isTargetOptional: true });
  expect(outcome.examples.map(({ features }) => features)).toEqual([
    { column1: 1, a: 2, b: 3 },
    { column1: 4, a: 5, b: 6 },
  ]);
});

test('fields that are missing at the end of a row are missing values, whatever the row before had', async () => {
  const outcome = await read('target,a,b\n1,2,3\n4,5\n6,7,"8"\n9,10\nlonely\n');
  expect(valuesOf(outcome)).toEqual([
    { a: 2, b: 3, target: 1 },
    { a: 5, b: null, target: 4 },
    { a: 7, b: 8, target: 6 },
    { a: 10, b: null, target: 9 },
  ]);
  expect(outcome.rejected).toEqual(['line 6: expected 3 fields, got 1']);
});

test('a text without a header has columns by position, and the last is the target', async () => {
  const text = '1.5,red,7\n2.5,blue,8\n';
  expect(valuesOf(await read(text, { header: false }))).toEqual([
    { column1: 1.5, column2: 'red', target: 7 },
    { column1: 2.5, column2: 'blue', target: 8 },
  ]);
  const [first] = valuesOf(await read(text, { header: false, target: 'column1' }));
  expect(first).toEqual({ column2: 'red', column3: 7, target: 1.5 });
  const [named] = valuesOf(await read(text, { header: ['a', 'b', 'y'], target: 'y' }));
  expect(named).toEqual({ a: 1.5, b: 'red', target: 7 });
  await expect(read(text, { header: ['a', 'target'] })).rejects.toThrow(
    'the stream has 3 columns, and 2 names are given: a, target',
  );
});

test('a first line that is a row is not taken for a header', async () => {
  await expect(read('2026-03-09 00:00:00,red\n2026-03-09 00:30:00,blue\n')).rejects.toThrow(
    'the stream has no header: its first line is 2026-03-09 00:00:00, red; say --no-header, or --header',
  );
});

test.each([
  ['"he said \\"5\\"",1,2\n"x",3,4\n', 'he said "5"'],
  ['"5\\"",1,2\n"7\\"",3,4\n', '5"'],
  ['"a\\\\",1,2\n"b \\" c",3,4\n', 'a\\'],
])('a backslash before a quote is an escape where that makes rows: %s', async (rows, text) => {
  const outcome = await readPieces([Buffer.from(`a,b,target\n${rows}`)], {});
  expect(outcome.rejected).toEqual([]);
  expect(outcome.examples).toHaveLength(2);
  expect(outcome.examples[0]).toMatchObject({ features: { a: text, b: 1 }, target: 2 });
});

test('a backslash at the end of a quoted field is a backslash where that makes rows', async () => {
  const { examples } = await read('a,target\n"C:\\",1\n"D:\\",2\n');
  expect(examples.map(({ features }) => features['a'])).toEqual(['C:\\', 'D:\\']);
});

test('an escaped quote far behind the first rows costs no row', async () => {
  const { examples, rejected } = await readPieces(
    [Buffer.from(`a,target\n${'"x",1\n'.repeat(10_000)}"a \\"b\\" c",2\n"y",3\n`)],
    {},
  );
  expect(rejected).toEqual([]);
  expect(examples.slice(-2).map(({ features }) => features['a'])).toEqual(['a "b" c', 'y']);
});

test('a text in Latin-1 is read as such, with a notice', async () => {
  const text = 'Straße,größe,target\nMünchen,1,2\nKöln,3,4\n';
  const { examples, notices } = await readPieces([Buffer.from(text, 'latin1')], {});
  expect(examples.map(({ features }) => features['Straße'])).toEqual(['München', 'Köln']);
  expect(notices).toEqual([
    'notice the stream is not UTF-8: it is read as windows-1252; choose another with --encoding',
  ]);
});

test('one damaged character does not change the encoding of a text', async () => {
  const bytes = Buffer.concat([
    Buffer.from('ä,target\nü,1\n'),
    Uint8Array.of(0xff),
    Buffer.from('ö,2\n'),
  ]);
  const { examples, notices } = await readPieces([bytes], {});
  expect(examples.map(({ features }) => features['ä'])).toEqual(['ü', '\uFFFDö']);
  expect(notices).toEqual([]);
});

test('an encoding that is given is used', async () => {
  const utf16 = Buffer.from('\uFEFFä,target\nü,1\n', 'utf16le');
  expect(valuesOf(await read(utf16, { encoding: 'utf-16le' }))).toEqual([{ ä: 'ü', target: 1 }]);
  const cyrillic = Buffer.from([0xc4, 0xe0, ...Buffer.from(',target\n1,2\n')]);
  expect(valuesOf(await read(cyrillic, { encoding: 'windows-1251' }))).toEqual([
    { Да: 1, target: 2 },
  ]);
});

test('invalid options are refused before anything is read', () => {
  expect(() => csv('x.csv', { encoding: 'utf-99' })).toThrow('no encoding is called "utf-99"');
  expect(() => csv('x.csv', { delimiter: '::' })).toThrow('expected one character of ASCII');
  expect(() => csv('x.csv', { header: ['a', 'a'] })).toThrow('none empty and none twice');
});

test('a header longer than the sample is read, in pieces too', async () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `name${i}`);
  const text = `${names.join(';')};target\n${names.map(() => 1).join(';')};2\n`;
  const { examples } = await readPieces(piecesOf(Buffer.from(text), 1_000), {});
  expect(Object.keys(examples[0]!.features)).toHaveLength(20_000);
  expect(examples[0]!.target).toBe(2);
});
