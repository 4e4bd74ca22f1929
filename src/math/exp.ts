/** ln 2 in two parts: the first has so few bits that a whole number up to 2,000 times it is exact. */
export const ln2High = 0.6931471803691238;
export const ln2Low = 1.9082149292705877e-10;

/** Exponents of the powers of two below; half of any exponent that a float64 has lies within. */
const halfExponentMax = 540;

/** 2^−540 to 2^540: exact, since each is twice the one before. */
const powersOfTwo = /* @__PURE__ */ (() => {
  const powers = new Float64Array(2 * halfExponentMax + 1).fill(1);
  for (let k = 1; k <= halfExponentMax; k += 1) {
    powers[halfExponentMax + k] = powers[halfExponentMax + k - 1]! * 2;
    powers[halfExponentMax - k] = powers[halfExponentMax - k + 1]! / 2;
  }
  return powers;
})();

/**
 * How far r coth(r/2) is above 2, divided by r², given r²: the series Σ 2 B₂ₖ r²ᵏ⁻² / (2k)! with the
 * Bernoulli numbers B₂ₖ. Full precision for |r| ≤ ½ ln 2.
 */
export const cothRemainder = (square: number): number =>
  1 / 6 +
  square *
    (-1 / 360 +
      square *
        (1 / 15_120 +
          square * (-1 / 604_800 + square * (1 / 23_950_080 - (square * 691) / 653_837_184_000))));

/**
 * e^x: the same bits in every engine, unlike `Math.exp`. At most 1 ulp from the exact value
 * (subnormal results included), never decreasing, and exactly 1 at 0.
 *
 * x = k ln 2 + r with |r| ≤ ½ ln 2, and e^r = 1 + 2r / (r coth(r/2) − r): the scheme of fdlibm
 * (Sun Microsystems, 1993), here with the series of coth instead of a fitted polynomial.
 */
export const exp = (x: number): number => {
  if (!(x > -746)) return x < 0 ? 0 : Number.NaN;
  if (x > 710) return Number.POSITIVE_INFINITY;
  const k = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - k * ln2High;
  const low = k * ln2Low;
  const r = high - low;
  const square = r * r;
  const c = r - square * cothRemainder(square);
  const power = 1 - (low - (r * c) / (2 - c) - high);
  // In two halves: 2^k itself may be beyond what a float64 holds.
  const half = k >> 1;
  return power * powersOfTwo[halfExponentMax + half]! * powersOfTwo[halfExponentMax + k - half]!;
};
