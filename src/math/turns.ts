/*
 * Sine and cosine of an angle in turns: the same bits in every engine, unlike `Math.sin`, and exact
 * at every quarter, because in turns an angle is reduced without rounding. At most 2 ulp from the
 * exact value, for every finite angle; NaN of an infinite one.
 */

/** cos(2π turns). */
export const cosOfTurns = (turns: number): number => {
  const part = Math.abs(turns - Math.round(turns));
  return part > 0.25 ? -cosOfQuarter(0.5 - part) : cosOfQuarter(part);
};

/** sin(2π turns). */
export const sinOfTurns = (turns: number): number => {
  const part = turns - Math.round(turns);
  const size = Math.abs(part);
  const value = size > 0.125 ? cosOfTurns(size - 0.25) : sine(size);
  return part < 0 || Object.is(turns, -0) ? -value : value;
};

/** From 0 to a quarter of a turn. */
const cosOfQuarter = (turns: number): number =>
  turns > 0.125 ? sine(0.25 - turns) : cosine(turns);

/** sin and cos of 2π turns up to an eighth of a turn: Taylor's series up to the power 17 or 16. */
const sine = (turns: number): number => 2 * Math.PI * turns * series(turns, 17);
const cosine = (turns: number): number => series(turns, 16);

/** 1 − z/((n − 1)n)(1 − …), z = (2π turns)², n = `last`, `last` − 2, …: the innermost first. */
const series = (turns: number, last: number): number => {
  const square = (2 * Math.PI * turns) ** 2;
  let sum = 1;
  for (let n = last; n > 1; n -= 2) sum = 1 - (square / (n * (n - 1))) * sum;
  return sum;
};
