/**
 * The capacity for `count` things of which more may come: at most a quarter more than `count`, in steps
 * that grow with it. Growing one by one up to n then reallocates about 4 log₂ n times, and what is
 * released on the way is less than five times what is held.
 */
export const capacityFor = (count: number): number => {
  const step = 1 << Math.max(0, 29 - Math.clz32(count));
  return Math.ceil(count / step) * step;
};
