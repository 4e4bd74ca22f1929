import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const published = new URL('../golden/digits.csv.gz', import.meta.url);

/** The published rows: 64 pixels of 0 … 16, then the digit. */
export const publishedRows = (): number[][] =>
  gunzipSync(readFileSync(published))
    .toString()
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(',').map(Number));

/**
 * The module `src/sources/digits-data.ts`, made from the published rows.
 * Write it with `npx tsx test/sources/pack-digits.ts > src/sources/digits-data.ts`.
 */
export const packDigits = (rows: readonly (readonly number[])[]): string => {
  const pixels = rows.flatMap((row) => row.slice(0, 64));
  const bits = pixels
    .map((value) => (value === 0 ? '0' : `1${(value - 1).toString(2).padStart(4, '0')}`))
    .join('');
  const bytes = bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)) ?? [];
  return `// Made by test/sources/pack-digits.ts; do not edit.
//
// Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning
// Repository, https://doi.org/10.24432/C50P49. Licensed CC BY 4.0. Packed, otherwise unchanged.

/** The digits in the published order, one character each. */
export const packedLabels =
  '${rows.map((row) => row[64]).join('')}';

/** Base64 of the pixels: a bit 0 is the value 0, a bit 1 and four bits v are the value v + 1. */
export const packedPixels =
  '${Buffer.from(bytes).toString('base64')}';
`;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(packDigits(publishedRows()));
}
