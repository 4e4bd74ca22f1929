import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decoded } from '../../src/sources/decoded.ts';

const read = async (pieces: readonly Uint8Array[]): Promise<string> => {
  const texts: string[] = [];
  for await (const text of decoded(Readable.from(pieces))) texts.push(text);
  return texts.join('');
};

/** Letters, characters of two to four bytes, byte order marks, and what is no UTF-8. */
const parts = fc.constantFrom('plain,1\n', 'ä', '€', '😀', '\uFEFF', Uint8Array.of(0xff, 0xe2));

test('however bytes are cut into pieces, their text is the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(parts), fc.array(fc.nat(6)), async (some, lengths) => {
      const bytes = Buffer.concat(some.map((part) => Buffer.from(part as string)));
      const pieces: Uint8Array[] = [];
      let at = 0;
      for (const length of lengths) {
        pieces.push(bytes.subarray(at, at + length));
        at += length;
      }
      pieces.push(bytes.subarray(at));
      expect(await read(pieces)).toBe(new TextDecoder().decode(bytes));
    }),
  );
});
