import { describe, expect, test } from 'vitest';
import { csvTable } from '../../../../clients/lesson/own/csv-table.ts';
import { tableTopic } from '../../../../clients/lesson/own/table-topic.ts';

describe('a table of a reader', () => {
  test.each([
    ['commas', 'a,b\n1,2\n3,4\n'],
    ['semicolons and CRLF', 'a;b\r\n1;2\r\n3;4'],
    ['tabs and an empty line', 'a\tb\n1\t2\n\n3\t4'],
    ['quotes', '\ufeff"a",b\n"1","2"\n3,"4"'],
  ])('is read with %s', (_, text) => {
    const { names, rows } = csvTable(text);
    expect(names).toEqual(['a', 'b']);
    expect(rows.map(({ fields }) => fields)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('may have separators, quotation marks and line ends in quoted fields', () => {
    const { rows } = csvTable('a,b\n"x, ""y""\nz",1\n,\nlast,2');
    expect(rows).toEqual([
      { line: 2, fields: ['x, "y"\nz', '1'] },
      { line: 4, fields: ['', ''] },
      { line: 5, fields: ['last', '2'] },
    ]);
  });

  test.each([
    ['', 'Expected a header and at least one row below it'],
    ['a,b', 'Expected a header and at least one row below it'],
    ['a,,c\n1,2,3', 'Column 2 of the header has no name'],
    ['a,a\n1,2', 'Two columns are called a'],
    ['1,2\n3,4', 'The first line has only numbers: write the names of the columns above it'],
    ['a,b\n1,2\n"3,4', 'Line 3: a quotation mark is not closed'],
    ['a,b\n"1"x,2', 'Line 2: expected "," after a quoted field'],
  ])('is refused with what is wrong and where: %j', (text, message) => {
    expect(() => csvTable(text)).toThrow(message);
  });

  test('becomes samples: numbers, one input per text, and NaN for what is missing', () => {
    const table = csvTable('size,colour,kind\n1,red,a\n,blue,b\n3,red,b\n4,NA,a\n5,red');
    const { topic, problems, leftOut } = tableTopic(table, 'kind');
    expect(topic.samples).toHaveLength(4);
    expect([0, 1, 2].map(topic.inputName)).toEqual(['size', 'colour=red', 'colour=blue']);
    expect(topic.samples[1]!.x).toEqual([Number.NaN, 0, 1]);
    expect(topic.samples[2]).toEqual({ x: [3, 1, 0], y: [0, 1] });
    expect(topic.model.sizes).toEqual([3, 8, 2]);
    expect({ problems, leftOut }).toEqual({
      problems: ['line 6: it has 2 fields, the header has 3'],
      leftOut: 1,
    });
  });

  test('with a number to predict scales it, and leaves out rows without one', () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},${i === 4 ? '' : 1_000 + 7.5 * i}`);
    const { topic, problems } = tableTopic(csvTable(`x,price\n${rows.join('\n')}`), 'price');
    expect(topic.samples).toHaveLength(29);
    expect(problems).toEqual(['line 6: its price is missing']);
    expect(topic.model.loss).toBe('huber');
    expect(topic.model.target!.mean).toBeCloseTo(1_112.5, -1);
  });

  test.each([
    ['a,y\n1,x\n2,x', 'The target is always x'],
    ['y\n1\n2', 'There is no column to learn from beside the target'],
    ['a,y\n1,\n2,', 'No row can be learned: line 2: its y is missing'],
  ])('is refused where nothing can be learned: %j', (text, message) => {
    expect(() => tableTopic(csvTable(text), 'y')).toThrow(message);
  });

  test('with too many columns is refused with a number of how many would do', () => {
    const names = Array.from({ length: 300 }, (_, i) => `c${i}`);
    const text = `${names.join()},y\n${names.map((_, i) => i).join()},a\n${names.map((_, i) => -i).join()},b`;
    expect(() => tableTopic(csvTable(text), 'y')).toThrow(
      'The columns make 300 inputs, which are too many to look at: leave some out, at most 256',
    );
  });
});
