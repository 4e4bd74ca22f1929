/** A colour as red, green, blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** Three colours that a signed value is shown with. */
export interface DivergingColours {
  readonly negative: Colour;
  readonly zero: Colour;
  readonly positive: Colour;
}

/** How many shades a table has; odd, so that zero has one of its own. */
export const SHADES = 255;

/**
 * A table of red, green, blue for −1 … +1. It is mixed in a perceptual space (Oklab), so that equal
 * steps of the value look like equal steps of the colour, and both arms are equally strong.
 */
export function divergingTable({ negative, zero, positive }: DivergingColours): Uint8Array {
  const table = new Uint8Array(SHADES * 3);
  const middle = (SHADES - 1) / 2;
  const [low, centre, high] = [toOklab(negative), toOklab(zero), toOklab(positive)];
  for (let shade = 0; shade < SHADES; shade += 1) {
    const share = (shade - middle) / middle;
    const arm = share < 0 ? low : high;
    const mixed = centre.map((c, axis) => c + ((arm[axis] ?? 0) - c) * Math.abs(share));
    table.set(fromOklab(mixed), shade * 3);
  }
  return table;
}

/** Which shade a value has when ±limit are the strongest ones. Beyond them it stays at the end. */
export function shadeOf(value: number, limit: number): number {
  const middle = (SHADES - 1) / 2;
  const share = limit > 0 ? Math.max(-1, Math.min(1, value / limit)) : 0;
  return Math.round(middle + share * middle);
}

/**
 * The value that gets the strongest colour: the next of 1, 1.5, 2, 3, 4, 5, 6, 8 · 10^k above nearly all
 * magnitudes. A rounded limit stands still while weights drift, so colours do not flicker.
 */
export function colourLimit(values: ArrayLike<number>, covered = 0.98): number {
  const magnitudes = Float64Array.from(values, Math.abs).filter(Number.isFinite).sort();
  if (magnitudes.length === 0) return 1;
  const rank = Math.min(magnitudes.length - 1, Math.floor(covered * magnitudes.length));
  return roundedUp(magnitudes[rank] || (magnitudes.at(-1) ?? 0));
}

function roundedUp(value: number): number {
  if (value === 0) return 1;
  const exponent = Math.floor(Math.log10(value));
  // Written out and read back: 3 * 10 ** -5 is not the number 0.00003.
  const steps = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((factor) => Number(`${factor}e${exponent}`));
  return steps.find((step) => value <= step * (1 + 1e-12)) ?? value;
}

function toLinear(channel: number): number {
  const c = channel / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
}

function toGamma(linear: number): number {
  const c = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.max(0, Math.min(1, c)));
}

/** Björn Ottosson, "A perceptual color space for image processing" (2020). */
function toOklab([red, green, blue]: Colour): number[] {
  const [r, g, b] = [toLinear(red), toLinear(green), toLinear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([L = 0, a = 0, b = 0]: readonly number[]): number[] {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map(toGamma);
}
