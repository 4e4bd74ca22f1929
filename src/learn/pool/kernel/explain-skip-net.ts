import type { SkipNet } from './skip-net.ts';

/**
 * Gradient times input of each output: outputs × inputs, row-major. The gradient goes through both
 * hidden layers and the normalisation, as in learning, and straight along the direct weights.
 */
export const explainSkipNet = (
  net: SkipNet,
  inputs: Float64Array,
  outputCount: number,
): Float64Array => {
  const x = [...inputs, 1];
  const [first, second] = [net.weights('first'), net.weights('second')];
  const [output, direct] = [net.weights('output'), net.weights('direct')];
  const h1 = [...times(first, x).map(rectified), 1];
  const { normal, deviation } = normalised(times(second, h1));
  const shares = new Float64Array(outputCount * inputs.length);
  for (let k = 0; k < outputCount; k += 1) {
    const toSecond = normal.map((n, j) => (n > 0 ? output[k * (normal.length + 1) + j]! : 0));
    const toSums = throughNormal(toSecond, normal, deviation);
    const toFirst = timesTransposed(second, toSums, h1.length).map((g, j) => (h1[j]! > 0 ? g : 0));
    const gradient = timesTransposed(first, toFirst.slice(0, -1), x.length);
    for (let i = 0; i < inputs.length; i += 1) {
      shares[k * inputs.length + i] = (gradient[i]! + direct[k * x.length + i]!) * inputs[i]!;
    }
  }
  return shares;
};

const rectified = (z: number): number => Math.max(z, 0);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const normalised = (z: readonly number[]): { normal: number[]; deviation: number } => {
  const centre = mean(z);
  const deviation = Math.sqrt(mean(z.map((value) => (value - centre) ** 2)) + 1e-5);
  return { normal: z.map((value) => (value - centre) / deviation), deviation };
};

const throughNormal = (
  g: readonly number[],
  normal: readonly number[],
  deviation: number,
): number[] => {
  const centre = mean(g);
  const slope = mean(g.map((value, j) => value * normal[j]!));
  return g.map((value, j) => (value - centre - normal[j]! * slope) / deviation);
};

const times = (matrix: Float32Array, x: readonly number[]): number[] =>
  Array.from({ length: matrix.length / x.length }, (_, row) =>
    x.reduce((sum, value, i) => sum + matrix[row * x.length + i]! * value, 0),
  );

const timesTransposed = (matrix: Float32Array, g: readonly number[], width: number): number[] =>
  Array.from({ length: width }, (_, i) =>
    g.reduce((sum, value, row) => sum + matrix[row * width + i]! * value, 0),
  );
