import type { SkipNet } from './skip-net.ts';

/** The weights of a {@link SkipNet}: matrices, row-major [to, from], whose last column is the bias. */
export interface SkipWeights {
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly output: Float32Array;
  readonly direct: Float32Array;
}

/** What the forward pass computes. `x`, `h1` and `h2` end with the 1 of the bias. */
export interface SkipForward {
  readonly x: Float64Array;
  readonly h1: Float64Array;
  /** z of the second layer, normalised, and the deviation that it was divided by. */
  readonly normal: Float64Array;
  readonly deviation: number;
  readonly h2: Float64Array;
  readonly sums: Float64Array;
}

/** Copies of the weights. */
export const skipWeights = (net: SkipNet): SkipWeights => ({
  first: net.weights('first'),
  second: net.weights('second'),
  output: net.weights('output'),
  direct: net.weights('direct'),
});

/** The forward pass of the kernel, to be read, and to be looked into. */
export const skipForward = (weights: SkipWeights, inputs: ArrayLike<number>): SkipForward => {
  const x = withBias(inputs);
  const h1 = withBias(times(weights.first, x).map(rectified));
  const { normal, deviation } = normalised(times(weights.second, h1));
  const h2 = withBias(normal.map(rectified));
  const direct = times(weights.direct, x);
  const sums = times(weights.output, h2).map((sum, k) => sum + direct[k]!);
  return { x, h1, normal, deviation, h2, sums };
};

/** δ of both hidden layers from the δ of the outputs: through the rectifiers and the normalisation. */
export const skipDeltas = (
  { second, output }: SkipWeights,
  { h1, normal, deviation }: SkipForward,
  deltas: ArrayLike<number>,
): { first: Float64Array; second: Float64Array } => {
  const toNormal = timesTransposed(output, deltas, normal.length + 1).subarray(0, -1);
  for (let j = 0; j < normal.length; j += 1) if (normal[j]! <= 0) toNormal[j] = 0;
  const toSecond = throughNormal(toNormal, normal, deviation);
  const toFirst = timesTransposed(second, toSecond, h1.length).subarray(0, -1);
  for (let j = 0; j < toFirst.length; j += 1) if (h1[j]! <= 0) toFirst[j] = 0;
  return { first: toFirst, second: toSecond };
};

/** Mᵀg, for a matrix with `columns` columns. */
export const timesTransposed = (
  matrix: Float32Array,
  g: ArrayLike<number>,
  width: number,
): Float64Array => {
  const out = new Float64Array(width);
  for (let row = 0, at = 0; row < g.length; row += 1) {
    const scale = g[row]!;
    for (let i = 0; i < width; i += 1, at += 1) out[i]! += matrix[at]! * scale;
  }
  return out;
};

const times = (matrix: Float32Array, x: Float64Array): Float64Array => {
  const width = x.length;
  const out = new Float64Array(matrix.length / width);
  for (let row = 0, at = 0; row < out.length; row += 1) {
    let sum = 0;
    for (let i = 0; i < width; i += 1, at += 1) sum += matrix[at]! * x[i]!;
    out[row] = sum;
  }
  return out;
};

const withBias = (values: ArrayLike<number>): Float64Array => {
  const extended = new Float64Array(values.length + 1).fill(1);
  extended.set(values);
  return extended;
};

const rectified = (z: number): number => Math.max(z, 0);

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const normalised = (z: Float64Array): { normal: Float64Array; deviation: number } => {
  const centre = mean(z);
  const deviation = Math.sqrt(mean(z.map((value) => (value - centre) ** 2)) + 1e-5);
  return { normal: z.map((value) => (value - centre) / deviation), deviation };
};

const throughNormal = (g: Float64Array, normal: Float64Array, deviation: number): Float64Array => {
  const centre = mean(g);
  const slope = mean(g.map((value, j) => value * normal[j]!));
  return g.map((value, j) => (value - centre - normal[j]! * slope) / deviation);
};
