/**
 * A copy as a plain array: a typed one takes ten times as long to make, and predictions are made
 * once a sample.
 */
export const plainCopy = (values: Float64Array | Float32Array): number[] => {
  const copy = new Array<number>(values.length);
  for (let k = 0; k < copy.length; k++) copy[k] = values[k]!;
  return copy;
};
