/** Whether all of some numbers are finite. */
export const areFinite = (values: ArrayLike<number>): boolean => {
  // A plain loop: the memory of a pool has some hundred thousand numbers, and a call for each is felt.
  for (let i = 0; i < values.length; i += 1) if (!Number.isFinite(values[i])) return false;
  return true;
};

/** The place of the first number that is infinite; −1 where none is. NaN is not. */
export const indexOfInfinite = (values: ArrayLike<number>): number => {
  for (let i = 0; i < values.length; i += 1)
    if (values[i] === Number.POSITIVE_INFINITY || values[i] === Number.NEGATIVE_INFINITY) return i;
  return -1;
};
