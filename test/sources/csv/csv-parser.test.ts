import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { CsvParser } from '../../../src/sources/csv/csv-parser.ts';
import { CsvRow, fieldValue } from '../../../src/sources/csv/csv-row.ts';

interface Row {
  readonly line: number;
  readonly fields?: readonly string[];
  readonly error?: string;
}

const taken = function* (parser: CsvParser): Generator<Row> {
  for (let row = parser.next(); row !== undefined; row = parser.next()) {
    const { line, error } = row;
    yield error === undefined ? { line, fields: row.fields() } : { line, error };
  }
};

const rowsOf = (pieces: readonly (string | Uint8Array)[], delimiter = ','): Row[] => {
  const parser = new CsvParser(delimiter);
  const rows = pieces.flatMap((piece) => {
    parser.push(Buffer.from(piece as string));
    return [...taken(parser)];
  });
  parser.end();
  return [...rows, ...taken(parser)];
};

const fieldsOf = (text: string) => rowsOf([text]).map(({ fields }) => fields);

test('plain rows are cut, with LF and with CR LF, empty lines left out', () => {
  expect(fieldsOf('a,b\n1,2\r\n\n3,\n')).toEqual([
    ['a', 'b'],
    ['1', '2'],
    ['3', ''],
  ]);
});

test('the last line needs no line break', () => {
  expect(fieldsOf('a\n1')).toEqual([['a'], ['1']]);
});

test('quoted fields hold delimiters, quotes and line breaks, and lines are counted', () => {
  expect(rowsOf(['a,b\n"1,\r\n""2""",x\n5,6\n'])).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['1,\r\n"2"', 'x'] },
    { line: 4, fields: ['5', '6'] },
  ]);
});

test('text after a closing quote makes that row bad, and no other', () => {
  const rows = rowsOf(['a\n"1"x\n2\n']);
  expect(rows[1]).toMatchObject({ line: 2, error: expect.stringContaining('field 1') });
  expect(rows[2]).toEqual({ line: 3, fields: ['2'] });
});

test('a quote that is never closed costs its line, not the file', () => {
  const rows = rowsOf(['a,b\n"1,2\n3,4\n5,6\n']);
  expect(rows[1]).toMatchObject({ line: 2, error: 'a quote is not closed' });
  expect(rows.slice(2)).toEqual([
    { line: 3, fields: ['3', '4'] },
    { line: 4, fields: ['5', '6'] },
  ]);
});

test('a row longer than the limit is given up', () => {
  const long = 'x'.repeat(2 ** 20 + 1);
  const rows = rowsOf([`"${long}\n`, '1,2\n', long, 'y,3\n4,5\n']);
  expect(rows).toEqual([
    { line: 1, error: expect.stringContaining('longer than') },
    { line: 2, fields: ['1', '2'] },
    { line: 3, error: expect.stringContaining('longer than') },
    { line: 4, fields: ['4', '5'] },
  ]);
});

test('a field, quoted or not, is the value that its text is', () => {
  const unit = fc.constantFrom(...'012.-e ax');
  const field = fc.oneof(
    fc.string({ unit, maxLength: 6 }),
    fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
    fc.constantFrom('-0', '1234567890123456', '12345678901234.5', '1""2', '12""', '""12'),
  );
  const written = fc.tuple(field, fc.boolean()).map(([text, isQuoted]) => ({
    text: isQuoted || text.includes('"') ? `"${text}"` : text,
    value: fieldValue(text.replaceAll('""', '"')),
  }));
  fc.assert(
    fc.property(fc.array(written, { minLength: 2, maxLength: 5 }), (fields) => {
      const parser = new CsvParser(';');
      parser.push(Buffer.from(`${fields.map(({ text }) => text).join(';')}\r\n`));
      const row = parser.next()!;
      const values = fields.map((_, index) => row.value(index));
      expect(values).toEqual(fields.map(({ value }) => value));
    }),
  );
});

test('a decimal is the number that its text is, to the bit, and other text of any length is text', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 18 });
  const decimal = fc
    .tuple(fc.constantFrom('', '-', '+', '--'), digits, fc.constantFrom('', '.', '..'), digits)
    .map((parts) => parts.join(''));
  const text = fc.string({ unit: fc.constantFrom(...'a0.-é€'), maxLength: 50 });
  const fields = fc.array(fc.oneof(decimal, text), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(fields, { minLength: 1, maxLength: 4 }), (rows) => {
      const parser = new CsvParser(';');
      parser.push(Buffer.from(rows.map((row) => `${row.join(';')}\n`).join('')));
      for (const row of rows) {
        const cut = parser.next()!;
        expect(row.map((_, index) => cut.value(index))).toEqual(row.map(fieldValue));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a byte order mark is left out, and only the first', () => {
  expect(rowsOf(['\uFEFFa\n', '\uFEFF1\n'])).toEqual([
    { line: 1, fields: ['a'] },
    { line: 2, fields: ['\uFEFF1'] },
  ]);
});

test('a row may have any number of fields', () => {
  const fields = Array.from({ length: 1000 }, (_, i) => `${i}.5`);
  expect(fieldsOf(`${fields.join(',')}\n1\n`)).toEqual([fields, ['1']]);
});

test('a delimiter is one character of ASCII, and none that a number is made of', () => {
  for (const other of ['::', '', '§']) {
    const message = `delimiter: expected one character of ASCII, got "${other}"`;
    expect(() => new CsvParser(other)).toThrow(message);
  }
  for (const part of ['-', '.', '7', '"', '\n']) {
    expect(() => new CsvParser(part)).toThrow('may be a part of a field');
  }
});

test('whatever is written comes back as csv-parse reads it, however it is cut', () => {
  const field = fc.string({
    unit: fc.constantFrom('a', '1', ' ', ',', '"', '\n', ';', 'é', '€', '😀'),
  });
  const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1 });
  fc.assert(
    fc.property(table, fc.nat(12), fc.boolean(), (rows, size, isCrLf) => {
      const text = rows
        .map((row) => row.map((f) => (/[",\n]/.test(f) ? `"${f.replaceAll('"', '""')}"` : f)))
        .map((row) => `${row.join(',')}${isCrLf ? '\r\n' : '\n'}`)
        .join('');
      const bytes = Buffer.from(text);
      const pieces = Array.from({ length: Math.ceil(bytes.length / (size + 1)) }, (_, i) =>
        bytes.subarray(i * (size + 1), (i + 1) * (size + 1)),
      );
      const expected: string[][] = parse(text, { relax_column_count: true });
      expect(rowsOf(pieces).map(({ fields }) => fields)).toEqual(expected);
    }),
  );
});

test.each([
  ['without an end', 'x'],
  ['of many fields', '1,'],
  ['of doubled quotes', '""'],
  ['of doubled quotes and line breaks', '""\n'],
])('a long open row %s is looked at rarely, however small the pieces are', (_what, text) => {
  const cut = vi.spyOn(CsvRow.prototype, 'cut');
  onTestFinished(() => cut.mockRestore());
  const parser = new CsvParser(',');
  parser.push(Buffer.from('a,b\n"'));
  expect(parser.next()?.fields()).toEqual(['a', 'b']);
  const piece = Buffer.from(text.repeat(16));
  const lookedAt = { bytes: 0, pushed: 0 };
  while (lookedAt.pushed < 400_000) {
    const before = cut.mock.calls.length;
    parser.push(piece);
    lookedAt.pushed += piece.length;
    while (parser.next() !== undefined);
    if (cut.mock.calls.length > before && lookedAt.pushed > 70_000)
      lookedAt.bytes += lookedAt.pushed;
  }
  expect(lookedAt.bytes).toBeLessThan(20 * lookedAt.pushed);
});

test('a long row that is complete comes with its last piece', () => {
  const parser = new CsvParser(',');
  const field = `${'x'.repeat(100_000)}`;
  parser.push(Buffer.from(`a,b\n${field}`));
  expect(parser.next()?.fields()).toEqual(['a', 'b']);
  expect(parser.next()).toBeUndefined();
  parser.push(Buffer.from(`,1\n2,3\n${field}`));
  expect(parser.next()?.fields()).toEqual([field, '1']);
  expect(parser.next()?.fields()).toEqual(['2', '3']);
  expect(parser.next()).toBeUndefined();
  parser.end();
  expect(parser.next()?.fields()).toEqual([field]);
});
