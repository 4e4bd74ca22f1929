import { directAt, hiddenCount, type NetPlan, rowHead } from './net-plan.ts';

/** Which weights of a net. */
export type NetLayer = 'first' | 'second' | 'output' | 'direct';

/** A net as it lies in its block. */
export interface NetContent {
  readonly view: Float32Array;
  readonly plan: NetPlan;
  readonly inputCount: number;
  readonly outputCount: number;
}

/** A matrix of weights, row-major [to, from]; the last column is the bias. A copy. */
export const netMatrix = (
  { view, plan, inputCount, outputCount }: NetContent,
  layer: NetLayer,
): Float32Array => {
  const { inputs, middle, last } = plan;
  if (layer === 'first') return matrix(view, biasLast(inputs, inputCount), rowHead, hiddenCount);
  if (layer === 'direct') return matrix(view, biasLast(inputs, inputCount), directAt, outputCount);
  if (layer === 'second') return matrix(view, inOrder(middle), rowHead, hiddenCount);
  return matrix(view, inOrder(last), rowHead, outputCount);
};

/** Where the rows of a layer begin. */
export const inOrder = ({ at, stride, count }: NetPlan['last']): number[] =>
  Array.from({ length: count }, (_, i) => at + i * stride);

const biasLast = ({ at, stride }: NetPlan['inputs'], inputCount: number): number[] => [
  ...Array.from({ length: inputCount }, (_, i) => at + (i + 1) * stride),
  at,
];

const matrix = (
  view: Float32Array,
  rows: readonly number[],
  at: number,
  count: number,
): Float32Array => {
  const width = rows.length;
  const values = new Float32Array(count * width);
  for (const [i, row] of rows.entries()) {
    const from = row + at;
    for (let j = 0, to = i; j < count; j += 1, to += width) values[to] = view[from + j]!;
  }
  return values;
};
