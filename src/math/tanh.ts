import { cothRemainder, exp } from './exp.ts';

/** Up to here the series of coth has full precision: a quarter of ln 2. */
const seriesMax = 0.173;

/**
 * tanh x: the same bits in every engine, unlike `Math.tanh`. At most 3 ulp from the exact value.
 */
export const tanh = (x: number): number => {
  const size = Math.abs(x);
  // coth(x) is what the series gives; exp would lose the digits of a small x.
  if (size <= seriesMax) return x / (1 + 2 * x * x * cothRemainder(4 * x * x));
  const power = exp(-2 * size);
  const value = (1 - power) / (1 + power);
  return x < 0 ? -value : value;
};
