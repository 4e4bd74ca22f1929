const minus = 45;
const point = 46;
const zero = 48;

/** With so few digits the digits are a whole number that a float64 holds exactly. */
const digitsMax = 15;

/** All of them exact, so that one division rounds correctly. */
const powersOfTen = Array.from({ length: digitsMax + 1 }, (_, exponent) => 10 ** exponent);

/**
 * Reads plain decimals such as −12.5, of at most 15 digits, out of the characters of a text (UTF-16).
 * Number() gives the same, but of a string that would have to be made first.
 */
export class DecimalReader {
  /** What was read; NaN where it was no plain decimal. */
  value = Number.NaN;

  /** Reads from `from` on, up to the first character that is no part of a decimal. Returns where that is. */
  read(codes: ArrayLike<number>, from: number): number {
    const isNegative = codes[from] === minus;
    let at = isNegative ? from + 1 : from;
    let digits = 0;
    let digitCount = 0;
    let fractionAt = -1;
    for (; ; at += 1) {
      const code = codes[at]!;
      if (code === point && fractionAt < 0) {
        fractionAt = at + 1;
        continue;
      }
      const digit = code - zero;
      if (!(digit >= 0 && digit <= 9)) break;
      digits = 10 * digits + digit;
      digitCount += 1;
    }
    const isPlain = digitCount > 0 && digitCount <= digitsMax;
    const value = isPlain
      ? digits / powersOfTen[fractionAt < 0 ? 0 : at - fractionAt]!
      : Number.NaN;
    // A zero has no sign.
    this.value = isNegative && value !== 0 ? -value : value;
    return at;
  }
}
