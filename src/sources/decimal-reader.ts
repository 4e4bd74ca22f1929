import { wholePower } from '../math/power.ts';
import { minus, nine, point, zero } from './ascii.ts';

/** With so few digits the digits are a whole number that a float64 holds exactly. */
const digitsMax = 15;

/** All of them exact, so that one division rounds correctly. */
const powersOfTen = Float64Array.from({ length: digitsMax + 1 }, (_, exponent) =>
  wholePower(10, exponent),
);

/**
 * Reads plain decimals such as −12.5, of at most 15 digits, out of the bytes of a text (UTF-8).
 * Number() gives the same, but of a string that would have to be made first.
 */
export class DecimalReader {
  /** What was read; NaN if it was not a plain decimal. */
  value = Number.NaN;

  /** Reads from `from` on, up to the first byte that is no part of a decimal. Returns where that is. */
  read(bytes: Uint8Array, from: number): number {
    let at = from;
    let byte = bytes[at]!;
    const isNegative = byte === minus;
    if (isNegative) byte = bytes[++at]!;
    const first = at;
    let digits = 0;
    // Two loops: one that looks for the point at each digit takes a quarter longer.
    for (; byte >= zero && byte <= nine; byte = bytes[++at]!)
      digits = (10 * digits + (byte - zero)) | 0;
    let digitCount = at - first;
    let places = 0;
    if (byte === point) {
      const behindPoint = at + 1;
      at = behindPoint;
      byte = bytes[at]!;
      for (; byte >= zero && byte <= nine; byte = bytes[++at]!)
        digits = (10 * digits + (byte - zero)) | 0;
      places = at - behindPoint;
      digitCount += places;
    }
    // 32 bits hold any nine digits.
    if (digitCount > 9) digits = longDigits(bytes, first, at);
    const isPlain = digitCount > 0 && digitCount <= digitsMax;
    const value = isPlain ? digits / powersOfTen[places]! : Number.NaN;
    // A zero has no sign.
    this.value = isNegative && value !== 0 ? -value : value;
    return at;
  }
}

/** The digits between two places as one number, where they may be more than 32 bits hold. */
const longDigits = (bytes: Uint8Array, from: number, to: number): number => {
  let digits = 0;
  for (let at = from; at < to; at += 1) {
    if (bytes[at] !== point) digits = 10 * digits + (bytes[at]! - zero);
  }
  return digits;
};
