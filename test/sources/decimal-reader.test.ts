import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DecimalReader } from '../../src/sources/decimal-reader.ts';

/** The decimal that a text is; NaN where it is more than that, or none. */
const decimal = (text: string): number => {
  const bytes = Buffer.from(`x,${text},y`);
  const reader = new DecimalReader();
  const end = reader.read(bytes, 2);
  return end === 2 + text.length ? reader.value : Number.NaN;
};

test('a plain decimal is the number that the language reads, to the last bit', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 });
  fc.assert(
    fc.property(fc.constantFrom('', '-'), digits, digits, (sign, whole, fraction) => {
      const isPlain = whole !== '' || fraction !== '';
      const text = `${sign}${whole}.${fraction}`;
      const isShort = whole.length + fraction.length <= 15;
      // Negative zero is plain zero.
      expect(decimal(text)).toBe(isPlain && isShort ? Number(text) + 0 : Number.NaN);
    }),
  );
});

test.each(['', '-', '.', '-.', '1.2.3', '1e3', ' 1', '0x10', '1-', '+1', '1234567890123456'])(
  '%j is no plain decimal',
  (text) => expect(decimal(text)).toBeNaN(),
);
