/**
 * Copies numbers into the kernel, rounded to float32. One loop for each kind of array: a loop
 * that has seen several kinds is compiled for none.
 */
export const copyInto = (to: Float32Array, from: ArrayLike<number>): void => {
  if (from instanceof Float32Array) copyFloats(to, from);
  else if (from instanceof Float64Array) copyDoubles(to, from);
  else if (Array.isArray(from)) copyArray(to, from);
  else copyOther(to, from);
};

/** Below this the call into the runtime costs more than it saves. */
const setCountMin = 24;

const copyFloats = (to: Float32Array, from: Float32Array): void => {
  if (to.length >= setCountMin) to.set(from);
  else for (let i = 0; i < to.length; i++) to[i] = from[i]!;
};

/** Four at a time: the conversions of a plain loop wait for one another. */
const copyDoubles = (to: Float32Array, from: Float64Array): void => {
  const { length } = to;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    to[i] = from[i]!;
    to[i + 1] = from[i + 1]!;
    to[i + 2] = from[i + 2]!;
    to[i + 3] = from[i + 3]!;
  }
  for (; i < length; i++) to[i] = from[i]!;
};

const copyArray = (to: Float32Array, from: readonly number[]): void => {
  for (let i = 0; i < to.length; i++) to[i] = from[i]!;
};

const copyOther = (to: Float32Array, from: ArrayLike<number>): void => {
  for (let i = 0; i < to.length; i++) to[i] = from[i]!;
};

/** Whether all of some numbers are finite. */
export const areFinite = (values: Float32Array | Float64Array): boolean => {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
};
