import { ln2High, ln2Low } from './exp.ts';

const smallestNormal = 2.2250738585072014e-308;
/** It makes a normal number of a subnormal one. */
const twoTo54 = 0x40_0000_0000_0000;

/** A number and its bits. The upper half is the second word: every engine is little-endian. */
const double = /* @__PURE__ */ new Float64Array(1);
const words = /* @__PURE__ */ new Int32Array(double.buffer);
/** The upper half of √½. */
const rootOfHalf = 0x3fe6a09e;

/**
 * ln x: the same bits in every engine, unlike `Math.log`. At most 1 ulp from the exact value, never
 * decreasing, exactly 0 at 1. Of ±0 it is −∞, of a negative number NaN.
 *
 * x = 2^k m with m between √½ and √2, and ln m = 2 artanh s with s = (m − 1)/(m + 1): the scheme of
 * fdlibm (Sun Microsystems, 1993), here with the series of artanh instead of a fitted polynomial.
 */
export const log = (x: number): number => {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x < smallestNormal) return log(x * twoTo54) - 54 * Math.LN2;
  double[0] = x;
  // Subtracting the bits of √½ lets the exponent step where m passes √2.
  const k = (words[1]! - rootOfHalf) >> 20;
  words[1]! -= k << 20;
  const f = double[0]! - 1;
  const s = f / (2 + f);
  const halfSquare = 0.5 * f * f;
  const sum = s * (halfSquare + artanhRemainder(s * s)) + k * ln2Low;
  return k * ln2High - (halfSquare - sum - f);
};

/** 2 artanh(s)/s − 2 = 2 (s²/3 + s⁴/5 + …), given s². */
const artanhRemainder = (square: number): number => {
  let sum = 0;
  for (let odd = 21; odd > 1; odd -= 2) sum = square * (sum + 2 / odd);
  return sum;
};

/** ln(1 + x), to full precision near 0 too: at most 2 ulp from the exact value. */
export const log1p = (x: number): number => {
  const sum = 1 + x;
  if (sum === 1) return x;
  const value = log(sum);
  // What the sum has lost comes back as the first term of a series.
  return Number.isFinite(value) ? value - (sum - 1 - x) / sum : value;
};
