import { capacityFor } from '../../../math/capacity.ts';

/** Units of each of the two hidden layers. */
export const hiddenCount = 32;

/**
 * Where everything lies in the block of a skip net, in floats from its start. Every layer is a list
 * of rows, a row for each thing that it takes in, so that a new input is one more row at the end and
 * moves nothing. A row begins with four floats of its own, then come weights and their memory.
 */
export interface NetPlan {
  /** Outputs, padded to whole vectors. */
  readonly outputs: number;
  readonly first: Units;
  readonly second: Units;
  /** z of the second layer, normalised. */
  readonly normalAt: number;
  /** The deviation that it was divided by. */
  readonly deviationAt: number;
  /** Gradients on the units of the first layer, and of the second. */
  readonly firstGradientAt: number;
  readonly secondGradientAt: number;
  /** The sums of the output layer, then the answers, then δ. */
  readonly outputAt: number;
  /** How many outputs there are without the padding. */
  readonly countAt: number;
  /** The length of a step. */
  readonly rateAt: number;
  /** From the first hidden layer to the second: row = [age, …, W, memory of W]. */
  readonly middle: Rows;
  /** From the second hidden layer to the outputs: the same. */
  readonly last: Rows;
  /**
   * The bias, then each input: row = [age, …, W, memory, direct W, memory]. Where these rows end the
   * sample in place begins: its truth and its weight, then 1 for the bias, then its inputs.
   */
  readonly inputs: Omit<Rows, 'count'>;
}

/** What the units of a layer give. */
export interface Units {
  /** h, then 1 for the bias. */
  readonly at: number;
  /** A bit for each that is not 0. */
  readonly activeAt: number;
}

/** A list of rows. */
export interface Rows {
  readonly at: number;
  readonly stride: number;
  readonly count: number;
}

/** Where a row's weights begin; before them is its age. */
export const rowHead = 4;
/** Where the direct weights begin in the row of an input. */
export const directAt = rowHead + 2 * hiddenCount;

/** Where things lie in a sample. */
export const sampleAt = { truth: 0, weight: 1, bias: 2, inputs: 3 } as const;

/**
 * Whole vectors, and few different numbers of them: each is compiled once, and between them outputs
 * are added without moving anything.
 */
export const paddedOutputs = (count: number): number =>
  count <= 16 ? 4 * Math.ceil(count / 4) : 16 * capacityFor(Math.ceil(count / 16));

/** Lays out the block of a net with `outputs` outputs, padded. */
export const netPlan = (outputs: number): NetPlan => {
  let end = 0;
  const take = (floats: number): number => {
    const at = end;
    end += 4 * Math.ceil(floats / 4);
    return at;
  };
  const rows = (count: number, stride: number): Rows => ({
    at: take(count * stride),
    stride,
    count,
  });
  const units = (): Units => ({ at: take(hiddenCount + 1), activeAt: take(1) });
  return {
    outputs,
    first: units(),
    second: units(),
    normalAt: take(hiddenCount),
    deviationAt: take(1),
    firstGradientAt: take(hiddenCount + 1),
    secondGradientAt: take(hiddenCount + 1),
    outputAt: take(outputs),
    countAt: take(1),
    rateAt: take(1),
    middle: rows(hiddenCount + 1, rowHead + 2 * hiddenCount),
    last: rows(hiddenCount + 1, rowHead + 2 * outputs),
    inputs: { at: end, stride: rowHead + 2 * hiddenCount + 2 * outputs },
  };
};
