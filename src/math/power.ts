import { exp } from './exp.ts';
import { log } from './log.ts';

/**
 * base^exponent for a whole exponent ≥ 0, by repeated squaring: the same bits in every engine, unlike
 * `**`. Exact where the result and its factors are, as for 2ⁿ; else within exponent/2 + 1 ulp.
 */
export const wholePower = (base: number, exponent: number): number => {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest >= 1; rest = Math.floor(rest / 2)) {
    if (rest % 2 >= 1) result *= square;
    square *= square;
  }
  return result;
};

/**
 * base^exponent for a base > 0, as e^(exponent ln base): the same bits in every engine, unlike `**`.
 * The relative error is at most 3e-16 (1 + |exponent ln base|).
 */
export const power = (base: number, exponent: number): number => exp(exponent * log(base));

/** The real cube root: the same bits in every engine, unlike `Math.cbrt`. At most 1 ulp off. */
export const cubeRoot = (x: number): number => {
  if (x === 0 || !Number.isFinite(x)) return x;
  const size = Math.abs(x);
  const rough = exp(log(size) / 3);
  // One step of Newton, written so that no cube can overflow.
  const root = rough - (rough - size / (rough * rough)) / 3;
  return x < 0 ? -root : root;
};
