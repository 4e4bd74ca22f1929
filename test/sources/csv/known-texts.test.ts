import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownTexts } from '../../../src/sources/csv/known-texts.ts';

test('texts are what the bytes say, whichever came before', () => {
  const texts = new KnownTexts();
  const text = fc.oneof(
    fc.constantFrom('', 'red', 'der', 'kitchen', 'é', 'Ã©', '😀', 'x'.repeat(32), 'x'.repeat(33)),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(text, text, (before, given) => {
      const bytes = Buffer.from(`${before}${given}`);
      const from = Buffer.byteLength(before);
      for (const _ of [1, 2]) {
        const expected = bytes.subarray(from).toString();
        expect(texts.read(bytes, from, bytes.length)).toBe(expected);
      }
    }),
    { numRuns: 3_000 },
  );
});

test('bytes that are the numbers of other characters are not taken for those', () => {
  const texts = new KnownTexts();
  expect(texts.read(Buffer.from('é'), 0, 2)).toBe('é');
  expect(texts.read(Buffer.from([0xe9]), 0, 1)).toBe('\uFFFD');
  expect(texts.read(Buffer.from([0xff, 0xfd]), 0, 2)).toBe('\uFFFD\uFFFD');
});
