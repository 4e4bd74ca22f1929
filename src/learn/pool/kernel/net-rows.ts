import { directAt, hiddenCount, type NetPlan, rowHead } from './net-plan.ts';

/** The rows of a net's layers: the numbers of its block from the middle rows on. */
export interface NetRows {
  readonly rows: Float32Array;
  readonly plan: NetPlan;
}

/** How many numbers the rows of a net with so many inputs are. */
export const rowsLength = ({ middle, inputs }: NetPlan, inputCount: number): number =>
  inputs.at + (1 + inputCount) * inputs.stride - middle.at;

/**
 * The outputs, padded, of the plan that so many numbers were laid out by. Throws a RangeError where
 * there is none.
 */
export const outputsOfRows = (length: number, inputCount: number): number => {
  const inputRow = directAt;
  const lastRow = rowHead;
  const withoutOutputs = (hiddenCount + 1) * (directAt + lastRow) + (1 + inputCount) * inputRow;
  const outputs = (length - withoutOutputs) / (2 * (hiddenCount + 1 + 1 + inputCount));
  if (Number.isInteger(outputs) && outputs >= 4 && outputs % 4 === 0) return outputs;
  throw new RangeError(`${length} numbers are no rows of a net with ${inputCount} inputs`);
};

/** Copies the rows of so many inputs into those of a plan for as many outputs or more. */
export const copyRows = (from: NetRows, to: NetRows, inputCount: number): void => {
  const length = rowsLength(from.plan, inputCount);
  if (from.plan.outputs === to.plan.outputs) {
    to.rows.set(from.rows.subarray(0, length));
    return;
  }
  to.rows.set(from.rows.subarray(0, from.plan.last.at - from.plan.middle.at));
  for (let i = 0; i <= hiddenCount; i += 1) copyRow(from, to, { layer: 'last', index: i });
  for (let i = 0; i <= inputCount; i += 1) copyRow(from, to, { layer: 'inputs', index: i });
};

/** Weights to outputs and their memory are each followed by padding. */
const copyRow = (
  from: NetRows,
  to: NetRows,
  { layer, index }: { layer: 'last' | 'inputs'; index: number },
): void => {
  const head = layer === 'last' ? rowHead : directAt;
  const at = ({ plan }: NetRows): number =>
    plan[layer].at - plan.middle.at + index * plan[layer].stride;
  const [source, target] = [at(from), at(to)];
  const width = Math.min(from.plan.outputs, to.plan.outputs);
  to.rows.set(from.rows.subarray(source, source + head + width), target);
  const memoryAt = source + head + from.plan.outputs;
  const memory = from.rows.subarray(memoryAt, memoryAt + width);
  to.rows.set(memory, target + head + to.plan.outputs);
};
