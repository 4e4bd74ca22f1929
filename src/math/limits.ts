/** Throws a RangeError where an option is not a whole number of the given range. */
export const requireWhole = (
  name: string,
  value: number,
  [least, most]: [number, number],
): void => {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = `${grouped(least)} to ${grouped(most)}`;
  throw new RangeError(`${name} must be a whole number from ${range}, not ${value}`);
};

/** Throws a RangeError where an option is not a number above `least`, up to `most`. */
export const requireAbove = (
  name: string,
  value: number,
  [least, most]: [number, number],
): void => {
  if (value > least && value <= most) return;
  throw new RangeError(`${name} must be above ${least} and at most ${most}, not ${value}`);
};

/** Throws a RangeError where an option does not lie in the given range. */
export const requireWithin = (
  name: string,
  value: number,
  [least, most]: [number, number],
): void => {
  if (value >= least && value <= most) return;
  throw new RangeError(`${name} must lie between ${least} and ${most}, not be ${value}`);
};

/** A whole number with separators: 35,940. */
const grouped = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
