import { wholePower } from '../../math/power.ts';

/** The character before the fraction of a number. */
export type DecimalMark = '.' | ',';

/** A number as a text writes it. */
export interface WrittenNumber {
  readonly value: number;
  /** The currency before it and the unit behind it, separated by `#`: `€#`, `#%`; `#` without both. */
  readonly unit: string;
}

/** The unit of a number without a currency and without a unit. */
export const noUnit = '#';

const currency = '(?:[$€£¥₹]|EUR|USD|GBP|CHF|JPY)';
const shape = new RegExp(
  String.raw`^(${currency})?\s?([+\-−]?)(${currency})?\s?([\d.,'’\s]*\d)(e[+-]?\d{1,3})?\s?([^\d.,+()\s-][^\d.,()]{0,7})?$`,
  'i',
);

/** A longer text is not a number. */
const lengthMax = 64;

/** Digits, in groups of three or not, and a fraction. */
const bodies: Readonly<Record<DecimalMark, RegExp>> = {
  '.': /^(?:(?:\d+|\d{1,3}([,'’\s])\d{3}(?:\1\d{3})*)(?:\.\d+)?|\.\d+)$/,
  ',': /^(?:(?:\d+|\d{1,3}([.'’\s])\d{3}(?:\1\d{3})*)(?:,\d+)?|,\d+)$/,
};

/** With at most this many digits they are a whole number that a float64 holds exactly. */
const digitsMax = 15;

/** All of them exact, so that one division rounds correctly. */
const powersOfTen = Float64Array.from({ length: digitsMax + 1 }, (_, exponent) =>
  wholePower(10, exponent),
);

const [minus, zero, nine] = [45, 48, 57];

/**
 * Reads digits with a sign and a fraction, as most numbers are, without a pattern. NaN where the text is not
 * so plain.
 */
export const readPlainNumber = (text: string, decimal: DecimalMark): number => {
  const mark = decimal === '.' ? 46 : 44;
  const first = text.charCodeAt(0) === minus ? 1 : 0;
  let digits = 0;
  let point = -1;
  for (let at = first; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= zero && code <= nine) digits = 10 * digits + (code - zero);
    else if (code === mark && point < 0 && at > first) point = at;
    else return Number.NaN;
  }
  const places = point < 0 ? 0 : text.length - point - 1;
  const count = text.length - first - (point < 0 ? 0 : 1);
  if (count === 0 || count > digitsMax || (point >= 0 && places === 0)) return Number.NaN;
  const value = digits / powersOfTen[places]!;
  // A zero has no sign.
  return first > 0 && value !== 0 ? -value : value;
};

/**
 * Reads a number with thousands separators, a currency, a unit, a sign, an exponent, or parentheses
 * for a negative one. Undefined where the text is not such a number with this decimal mark.
 */
export const readNumber = (text: string, decimal: DecimalMark): WrittenNumber | undefined => {
  if (text.length > lengthMax) return undefined;
  const plain = readPlainNumber(text, decimal);
  if (!Number.isNaN(plain)) return { value: plain, unit: noUnit };
  const inner = text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
  const parts = shape.exec(inner);
  const body = parts?.[4];
  if (!parts || body === undefined || !bodies[decimal].test(body)) return undefined;
  const digits = body.replaceAll(decimal === '.' ? /[,'’\s]/g : /[.'’\s]/g, '').replace(',', '.');
  const isNegative = (parts[2] === '-' || parts[2] === '−') !== (inner !== text);
  const magnitude = Number(digits + (parts[5] ?? ''));
  if (!Number.isFinite(magnitude)) return undefined;
  const value = isNegative ? 0 - magnitude : magnitude;
  return { value, unit: `${parts[1] ?? parts[3] ?? ''}#${parts[6]?.trim() ?? ''}` };
};
