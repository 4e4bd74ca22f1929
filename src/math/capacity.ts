/**
 * How many things to make room for where `count` are needed and more may come: at most a quarter more
 * than needed, in steps that grow with the count. Growing one by one up to n then makes room about
 * 4 log₂ n times, and what is given back on the way is less than five times what is held.
 */
export const capacityFor = (count: number): number => {
  const step = 1 << Math.max(0, 29 - Math.clz32(count));
  return Math.ceil(count / step) * step;
};
