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

/** Plain decimals, which most numbers are. */
const plain: Readonly<Record<DecimalMark, RegExp>> = {
  '.': /^-?\d+(?:\.\d+)?$/,
  ',': /^-?\d+(?:,\d+)?$/,
};

/**
 * Reads a number with thousands separators, a currency, a unit, a sign, an exponent, or parentheses
 * for a negative one. Undefined where the text is not such a number with this decimal mark.
 */
export const readNumber = (text: string, decimal: DecimalMark): WrittenNumber | undefined => {
  if (text.length > lengthMax) return undefined;
  if (plain[decimal].test(text)) {
    return { value: withoutSign(Number(text.replace(',', '.'))), unit: noUnit };
  }
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

/** A zero has no sign. */
const withoutSign = (value: number): number => (value === 0 ? 0 : value);
