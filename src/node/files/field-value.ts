const minus = 45;
const point = 46;
const zero = 48;

/** With so few digits the digits are a whole number that a float64 holds exactly. */
const digitsMax = 15;

/** All of them exact, so that one division rounds correctly. */
const powersOfTen = Array.from({ length: digitsMax + 1 }, (_, exponent) => 10 ** exponent);

/**
 * The number that some characters (UTF-16) are, where it is a plain decimal such as −12.5 of at most 15
 * digits; NaN where it is anything else. Number() gives the same, but of a string that would have
 * to be made first.
 */
export const decimalAt = (codes: ArrayLike<number>, from: number, to: number): number => {
  const isNegative = codes[from] === minus;
  const first = isNegative ? from + 1 : from;
  let digits = 0;
  let digitCount = 0;
  let fractionAt = to;
  for (let at = first; at < to; at += 1) {
    const code = codes[at]!;
    if (code === point && fractionAt === to) {
      fractionAt = at + 1;
      continue;
    }
    const digit = code - zero;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    digits = 10 * digits + digit;
    digitCount += 1;
  }
  if (digitCount === 0 || digitCount > digitsMax) return Number.NaN;
  const value = digits / powersOfTen[to - fractionAt]!;
  // A zero has no sign.
  return isNegative && value !== 0 ? -value : value;
};

/** A number where a field reads as one, null where it is empty, else its text. */
export const fieldValue = (field: string): number | string | null => {
  const value = Number(field);
  // Blank text is 0 to Number().
  if (value === 0) return field.trim() === '' ? null : 0;
  return Number.isNaN(value) ? (named[field.trim().toLowerCase()] ?? field) : value;
};

/** How other languages write what is no finite number. It is not text: an encoder refuses it. */
const named: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};
