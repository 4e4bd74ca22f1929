/**
 * The Euclidean length of a vector: the same bits in every engine, unlike `Math.hypot`. Nothing
 * overflows or vanishes on the way: values are divided by the largest first.
 */
export const euclideanNorm = (values: ArrayLike<number>): number => {
  let largest = 0;
  for (let i = 0; i < values.length; i += 1) largest = Math.max(largest, Math.abs(values[i]!));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return largest;
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += (values[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
};
