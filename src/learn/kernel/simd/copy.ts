/**
 * Copies numbers into the kernel, rounded to float32, from place `at` on. One loop for each kind of
 * array: a loop that has seen several kinds is compiled for none.
 */
export const copyInto = (to: Float32Array, from: ArrayLike<number>, at = 0): void => {
  if (from instanceof Float32Array) copyFloats(to, from, at);
  else if (from instanceof Float64Array) copyDoubles(to, from, at);
  else if (Array.isArray(from)) copyArray(to, from, at);
  else copyOther(to, from, at);
};

/** Below this the call into the runtime costs more than it saves. */
const setCountMin = 24;

const copyFloats = (to: Float32Array, from: Float32Array, at: number): void => {
  if (from.length >= setCountMin) to.set(from, at);
  else for (let i = 0; i < from.length; i++) to[at + i] = from[i]!;
};

/** Four at a time: the conversions of a plain loop wait for one another. */
const copyDoubles = (to: Float32Array, from: Float64Array, at: number): void => {
  const { length } = from;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    to[at + i] = from[i]!;
    to[at + i + 1] = from[i + 1]!;
    to[at + i + 2] = from[i + 2]!;
    to[at + i + 3] = from[i + 3]!;
  }
  for (; i < length; i++) to[at + i] = from[i]!;
};

const copyArray = (to: Float32Array, from: readonly number[], at: number): void => {
  const { length } = from;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    to[at + i] = from[i]!;
    to[at + i + 1] = from[i + 1]!;
    to[at + i + 2] = from[i + 2]!;
    to[at + i + 3] = from[i + 3]!;
  }
  for (; i < length; i++) to[at + i] = from[i]!;
};

const copyOther = (to: Float32Array, from: ArrayLike<number>, at: number): void => {
  for (let i = 0; i < from.length; i++) to[at + i] = from[i]!;
};
