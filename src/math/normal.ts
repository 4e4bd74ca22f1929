import { exp } from './exp.ts';

/** Beyond it the continued fraction is the quicker way to full precision, within it the series. */
const SERIES_MAX = 3;
const FRACTION_DEPTH = 60;

/**
 * The tail of the standard normal distribution: the chance of a value above z. To about 14 digits,
 * also far out. (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.11 and 26.2.14.)
 */
export const normalTail = (z: number): number => {
  if (z < 0) return 1 - normalTail(-z);
  const density = exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  return z <= SERIES_MAX ? 0.5 - density * series(z) : density / fraction(z);
};

/** z + z³/3 + z⁵/(3·5) + … */
const series = (z: number): number => {
  let term = z;
  let sum = z;
  for (let odd = 3; term > sum * Number.EPSILON; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
};

/** z + 1/(z + 2/(z + 3/(z + …))) */
const fraction = (z: number): number => {
  let value = z;
  for (let k = FRACTION_DEPTH; k > 0; k -= 1) value = z + k / value;
  return value;
};
