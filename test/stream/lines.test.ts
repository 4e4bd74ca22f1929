import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../src/stream/lines.ts';

test('lines come whole, however the text is cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', ' ') });
  fc.assert(
    fc.property(fc.array(text), (pieces) => {
      const splitter = new LineSplitter();
      const lines = [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
      const expected = pieces.join('').split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(lines.map(({ text }) => text)).toEqual(expected);
      expect(lines.map(({ number }) => number)).toEqual(expected.map((_, i) => i + 1));
    }),
  );
});

test('a carriage return before a line break belongs to it', () => {
  expect(new LineSplitter().push('a\r\nb\n')).toEqual([
    { number: 1, text: 'a' },
    { number: 2, text: 'b' },
  ]);
});

test('a line over the limit loses its text, and only that line', () => {
  const splitter = new LineSplitter(4);
  const lines = [
    ...splitter.push('12345'),
    ...splitter.push('6\n1234\n'),
    ...splitter.push('abcde'),
  ];
  expect([...lines, ...splitter.end()]).toEqual([
    { number: 1 },
    { number: 2, text: '1234' },
    { number: 3 },
  ]);
});
