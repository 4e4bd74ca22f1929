import { describe, expect, test } from 'vitest';
import { type ColumnReport, isWritten } from '../../../src/encode/columns/column.ts';
import { columns } from '../../../src/encode/columns/columns.ts';
import { inferColumns } from '../../../src/encode/columns/table.ts';
import type { Example } from '../../../src/sources/example.ts';

const row = (features: Record<string, unknown>, target?: unknown): Example =>
  ({ features, ...(target !== undefined && { target }) }) as Example;

/** A part that reads rows one by one, with all that it reported. */
const reading = (options: Parameters<typeof columns>[0] = {}) => {
  const reports: ColumnReport[] = [];
  const part = columns({ ...options, reported: { next: (report) => reports.push(report) } });
  const memory = part.initial();
  return { part, memory, reports, read: (example: Example) => part.update(memory, example) };
};

describe('a column of a live stream', () => {
  test('is read by its own cells: numbers as texts are numbers, marks are missing', () => {
    const { read } = reading();
    expect(read(row({ a: '21.5', b: 'on' }, '7')).features).toEqual({ a: 21.5, b: 'on' });
    expect(read(row({ a: 'unavailable', b: 'off ' }, 'NA'))).toEqual({
      features: { a: undefined, b: 'off' },
    });
  });

  test('changes its type while it is open, and reports it', () => {
    const { read, reports } = reading();
    read(row({ a: '12' }));
    expect(read(row({ a: 'north' })).features).toEqual({ a: 'north' });
    expect(reports.map(({ message }) => message)).toEqual([
      'column a: category from row 2 on, no longer number; its inputs so far stay, and are missing from now on',
    ]);
    expect(read(row({ a: 12 })).features).toEqual({ a: '12' });
  });

  test('learns the order of day and month from the row that proves it', () => {
    const { read } = reading();
    read(row({ at: '05/01/2026' }));
    const proof = read(row({ at: '05/13/2026' })).features['at'];
    expect(proof).toEqual(new Date(Date.UTC(2026, 4, 13)));
  });

  test('is decided after 100 cells: a misfit is missing and counted, at the 1st, 10th and 100th', () => {
    const { read, reports } = reading();
    for (let i = 0; i < 100; i += 1) read(row({ price: i + 0.5 }));
    reports.length = 0;
    for (let i = 0; i < 400; i += 1) {
      const value = i % 20 === 0 ? 'broken' : 1;
      expect(read(row({ price: value })).features).toEqual({
        price: value === 1 ? 1 : undefined,
      });
    }
    expect(reports.map(({ kind, message }) => [kind, message])).toEqual([
      [
        'misfits',
        'column price: 1 of 101 cells is not a number, for example "broken"; they are read as missing',
      ],
      [
        'misfits',
        'column price: 10 of 281 cells are not a number, for example "broken"; they are read as missing',
      ],
    ]);
  });

  test('changes once more when 100 cells in a row contradict its type, and then no more', () => {
    const { read, reports } = reading();
    for (let i = 0; i < 100; i += 1) read(row({ room: i }));
    for (let i = 0; i < 100; i += 1) read(row({ room: `room ${i % 7}` }));
    expect(reports.filter(({ kind }) => kind === 'type')).toHaveLength(1);
    expect(read(row({ room: 'room 3' })).features).toEqual({ room: 'room 3' });
  });

  test('of ever new texts is left out, with a report', () => {
    const { read, reports } = reading();
    for (let i = 0; i < 100; i += 1) read(row({ id: `r${i}x` }));
    expect(read(row({ id: 'r0x' })).features).toEqual({ id: undefined });
    expect(reports.some(({ message }) => message.startsWith('column id: identifier'))).toBe(true);
  });
});

test('a question is read as the stream would be, and changes nothing', () => {
  const { part, memory, read } = reading();
  for (let i = 0; i < 3; i += 1) read(row({ a: `${i},5` }));
  const before = structuredClone(memory);
  expect(part.apply(memory, row({ a: '1.234,5', b: '7' })).features).toEqual({ a: 1234.5, b: 7 });
  expect(memory).toEqual(before);
});

test('a memory that was copied reads on to the same values', () => {
  const { part, memory, read } = reading();
  for (let i = 0; i < 50; i += 1) read(row({ a: `${i},5`, b: i % 3 === 0 ? 'x' : 'y' }));
  const copy = structuredClone(memory);
  for (let i = 0; i < 80; i += 1) {
    const next = row({ a: i === 7 ? 'broken' : `${i},25`, b: 'z' });
    expect(part.update(copy, next)).toEqual(read(next));
  }
  expect(copy).toEqual(memory);
});

test('numbers and categories of a plain row are given on as the same object', () => {
  const rows = Array.from({ length: 200 }, (_, i) => row({ a: i / 2, b: i % 2 ? 'x' : 'y' }, i));
  const { read } = reading({ known: inferColumns(rows, 'target') });
  for (const one of rows) expect(read(one)).toBe(one);
});

describe('what the user says', () => {
  const rows = [
    row({ zip: '01234', price: 1.5, note: 'a', day: '05/01/2026', part: '1.234' }, 1),
    row({ zip: '99999', price: -200, note: 'b', day: '06/01/2026', part: '0.5' }, 2),
  ];
  const options = {
    ...{ text: ['zip'], missing: ['-200'], drop: ['note'], time: 'day' },
    ...{ dateOrder: 'mdy' as const, number: ['part'], decimal: ',' as const },
  } satisfies Parameters<typeof columns>[0];

  test('comes before what the cells suggest', () => {
    const { read } = reading(options);
    const [first, second] = rows.map(read);
    expect(first!.features).toMatchObject({
      zip: '01234',
      price: 1.5,
      note: undefined,
      part: 1234,
    });
    expect(first!.time).toBe(Date.UTC(2026, 4, 1));
    expect(second!.features).toMatchObject({ zip: '99999', price: undefined, part: undefined });
  });

  test('limits the features to some columns', () => {
    const { read } = reading({ columns: ['price'] });
    expect(read(rows[0]!).features).toEqual({
      ...{ zip: undefined, note: undefined, day: undefined, part: undefined },
      price: 1.5,
    });
  });

  test.each([
    [{ text: 'zip' }, /text: expected a list of texts/],
    [{ decimal: ';' }, /decimal: expected '\.' or ','/],
    [{ dateOrder: 'ydm' }, /dateOrder: expected ymd, dmy, mdy/],
    [{ text: ['a'], number: ['a'] }, /column "a" is also in number/],
  ])('is refused where it is invalid: %o', (options, message) => {
    expect(() => columns(options as never)).toThrow(message);
  });
});

test('the time of a row respects its offset, the clock on the wall does not', () => {
  const { read } = reading({ time: 'at' });
  const { features, time } = read(row({ at: '2026-03-09T08:30:00.250+02:00' }));
  expect(features['at']).toEqual(new Date(Date.UTC(2026, 2, 9, 8, 30)));
  expect(time).toBe(Date.UTC(2026, 2, 9, 6, 30) + 250);
});

test('dates in one column and the time of day in another are one timestamp', () => {
  const rows = Array.from({ length: 30 }, (_, i) =>
    row({ Date: `${16 + (i % 3)}/12/2006`, Time: `${i % 24}:24:00` }),
  );
  const { read } = reading({ known: inferColumns(rows, 'target') });
  expect(read(rows[5]!).features).toEqual({
    Date: new Date(Date.UTC(2006, 11, 18, 5, 24)),
    Time: undefined,
  });
});

test('cells are needed as they are written where their type is open, a category or has a decimal comma', () => {
  const rows = Array.from({ length: 100 }, (_, i) =>
    row({ plain: String(i), comma: `${i},5`, room: i % 2 ? 'a' : 'b', late: i < 10 ? '1' : '' }),
  );
  const part = columns({ known: inferColumns(rows, 'target') });
  const needed = part.initial().columns.filter(isWritten);
  expect(needed.map(({ name }) => name)).toEqual(['comma', 'room', 'late', 'target']);
});
