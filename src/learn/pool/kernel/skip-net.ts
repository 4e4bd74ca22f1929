import { capacityFor } from '../../../math/capacity.ts';
import { initialRandom, randomNormal } from '../../../math/random.ts';
import { allocate, type Block } from '../../../math/wasm/arena.ts';
import type { Memory } from '../../learner.ts';
import { countIn, float32s } from '../../memory-fields.ts';
import type { SkipCopy } from '../../network-copy.ts';
import type { NetAnswer } from './net-answer.ts';
import type { StepRule } from './net-backward.ts';
import { type NetProgram, netProgram } from './net-code.ts';
import {
  directAt,
  hiddenCount,
  type NetPlan,
  netPlan,
  paddedOutputs,
  rowHead,
  sampleAt,
} from './net-plan.ts';

/** The rows of a net's layers: the numbers of its block from the middle rows on. */
interface NetRows {
  readonly rows: Float32Array;
  readonly plan: NetPlan;
}

/** The length of the rows of a net with `inputCount` inputs, in numbers. */
export const rowsLength = ({ middle, inputs }: NetPlan, inputCount: number): number =>
  inputs.at + (1 + inputCount) * inputs.stride - middle.at;

/**
 * The padded outputs of the plan whose rows have `length` numbers. Throws a RangeError if there is none.
 */
export const outputsOfRows = (length: number, inputCount: number): number => {
  const inputRow = directAt;
  const lastRow = rowHead;
  const withoutOutputs = (hiddenCount + 1) * (directAt + lastRow) + (1 + inputCount) * inputRow;
  const outputs = (length - withoutOutputs) / (2 * (hiddenCount + 1 + 1 + inputCount));
  if (Number.isInteger(outputs) && outputs >= 4 && outputs % 4 === 0) return outputs;
  throw new RangeError(`${length} numbers are no rows of a net with ${inputCount} inputs`);
};

/** Copies the rows of `inputCount` inputs into those of a plan with at least as many outputs. */
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

/** Which weights of a net. */
type NetLayer = 'first' | 'second' | 'output' | 'direct';

/** A net as it lies in its block. */
interface NetContent {
  readonly view: Float32Array;
  readonly plan: NetPlan;
  readonly inputCount: number;
  readonly outputCount: number;
}

/** A matrix of weights, row-major [to, from]; the last column is the bias. A copy. */
const netMatrix = (
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
const inOrder = ({ at, stride, count }: NetPlan['last']): number[] =>
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

/** Options of a {@link SkipNet}. */
export interface SkipNetOptions {
  readonly inputCount: number;
  readonly outputCount: number;
  readonly answer: NetAnswer;
  readonly rule: StepRule;
  /** Length of a step. */
  readonly rate: number;
  readonly seed: number;
}

/** From this probability of the true class on, a sample has next to nothing to teach again. */
const certainFrom = 0.9;

/**
 * A net of two hidden layers, the second one normalised, and with weights from the inputs straight to
 * the outputs. Everything into the outputs begins at zero. One sample is one call each way.
 */
export class SkipNet {
  readonly #options: SkipNetOptions;
  #plan!: NetPlan;
  #block!: Block;
  #program!: NetProgram;
  #view!: Float32Array;
  #inputCount!: number;
  #outputCount!: number;
  /** The capacity for inputs. */
  #inputRoom = 0;
  /**
   * The sample in place: its truth, how much it weighs, 1 for the bias, then its inputs. Whoever keeps
   * a copy of it can put it in place again.
   */
  sample!: Float32Array;
  /** The address of the sample. */
  #sampleAddress!: number;

  constructor(options: SkipNetOptions) {
    this.#options = options;
    this.#allocate(options.inputCount, options.outputCount);
    this.#placeSample(options.inputCount, options.outputCount);
    this.#initialise();
  }

  /** Gives back what it holds. It must not be used afterwards. */
  dispose(): void {
    this.#block.free();
  }

  get inputCount(): number {
    return this.#inputCount;
  }

  /** Puts inputs in place, from the first-th on. */
  setInputs(values: Float64Array, first = 0): void {
    const { sample } = this;
    const at = sampleAt.inputs + first;
    for (let i = 0; i < values.length; i += 1) sample[at + i] = values[i]!;
  }

  /** Probabilities of classes, or the number, for the inputs in place. */
  predict(out: Float64Array): void {
    this.#program.predict(this.#block.address, this.#sampleAddress);
    const at = this.#plan.outputAt;
    const view = this.#view;
    for (let k = 0; k < out.length; k += 1) out[k] = view[at + k]!;
  }

  /** Learns that the answer just given should have been this class, or this number. */
  learn(truth: number, weight: number): void {
    this.sample[sampleAt.truth] = truth;
    this.sample[sampleAt.weight] = weight;
    this.#program.learn(this.#block.address, this.#sampleAddress);
  }

  /**
   * Learns the sample in place, truth and all, unless the net is certain of its class; the answer may
   * be that of another. A. Jiang et al., "Accelerating Deep Learning by Focusing on the Biggest Losers", 2019.
   */
  learnAgain(): void {
    this.#program.predict(this.#block.address, this.#sampleAddress);
    if (this.#isCertain()) return;
    this.#program.learn(this.#block.address, this.#sampleAddress);
  }

  /**
   * Makes room: new inputs come before the last `keptLast` ones, new outputs at the end. What is
   * new weighs nothing at first.
   */
  grow(inputCount: number, outputCount: number, keptLast: number): void {
    const old = { inputs: this.#inputCount, outputs: this.#outputCount };
    const isRoomy = inputCount <= this.#inputRoom && outputCount <= this.#plan.outputs;
    if (isRoomy) this.#placeSample(inputCount, outputCount);
    else this.#move(inputCount, outputCount);
    const { at, stride } = this.#plan.inputs;
    const from = 1 + old.inputs - keptLast;
    const to = 1 + inputCount - keptLast;
    this.#view.copyWithin(at + to * stride, at + from * stride, at + (1 + old.inputs) * stride);
    this.#view.fill(0, at + from * stride, at + to * stride);
    for (const row of inOrder(this.#plan.last)) this.#growRow(row + rowHead, old.outputs);
    for (let i = 0; i <= inputCount; i += 1) {
      const isNew = i >= from && i < to;
      if (!isNew) this.#growRow(at + i * stride + directAt, old.outputs);
    }
  }

  /** Makes inputs as fresh as those that `grow` adds. */
  forget(inputs: readonly number[]): void {
    const { at, stride } = this.#plan.inputs;
    for (const input of inputs) {
      const row = at + (1 + input) * stride;
      this.#view.fill(0, row, row + stride);
    }
  }

  save(): Memory {
    const rows = this.#rows().slice(0, rowsLength(this.#plan, this.#inputCount));
    return { inputCount: this.#inputCount, outputCount: this.#outputCount, rows };
  }

  load(memory: Memory): void {
    const inputCount = countIn(memory, 'inputCount');
    const outputCount = countIn(memory, 'outputCount', 1);
    const rows = float32s(memory, 'rows');
    const plan = netPlan(outputsOfRows(rows.length, inputCount));
    this.#block.free();
    this.#allocate(inputCount, outputCount);
    this.#placeSample(inputCount, outputCount);
    copyRows({ rows, plan }, { rows: this.#rows(), plan: this.#plan }, inputCount);
  }

  /** Begins again, with the first weights. */
  reset(): void {
    const { middle, inputs } = this.#plan;
    this.#view.fill(0, middle.at, inputs.at + (1 + this.#inputCount) * inputs.stride);
    this.#initialise();
  }

  /** A matrix of weights, row-major [to, from]; the last column is the bias. */
  weights(layer: NetLayer): Float32Array {
    const [inputCount, outputCount] = [this.#inputCount, this.#outputCount];
    return netMatrix({ view: this.#view, plan: this.#plan, inputCount, outputCount }, layer);
  }

  /**
   * Copies of its weights and of what their steps depend on, without the inputs between the first
   * `inputCount` and the last `lastCount`, for which there is only room.
   */
  copy(inputCount: number, lastCount: number): Pick<SkipCopy, 'weights' | 'squares' | 'ages'> {
    const { inputs, middle, last, outputs } = this.#plan;
    const all = biasLast(inputs, this.#inputCount);
    const inputRows = [...all.slice(0, inputCount), ...all.slice(all.length - 1 - lastCount)];
    const [middleRows, lastRows] = [inOrder(middle), inOrder(last)];
    const outputCount = this.#outputCount;
    const of = (rows: readonly number[], at: number, count: number): Float32Array =>
      matrix(this.#view, rows, at, count);
    return {
      weights: {
        first: of(inputRows, rowHead, hiddenCount),
        second: of(middleRows, rowHead, hiddenCount),
        output: of(lastRows, rowHead, outputCount),
        direct: of(inputRows, directAt, outputCount),
      },
      squares: {
        first: of(inputRows, rowHead + hiddenCount, hiddenCount),
        second: of(middleRows, rowHead + hiddenCount, hiddenCount),
        output: of(lastRows, rowHead + outputs, outputCount),
        direct: of(inputRows, directAt + outputs, outputCount),
      },
      ages: {
        first: of(inputRows, 0, 1),
        second: of(middleRows, 0, 1),
        output: of(lastRows, 0, 1),
      },
    };
  }

  #isCertain(): boolean {
    if (this.#options.answer === 'number') return false;
    return this.#view[this.#plan.outputAt + this.sample[sampleAt.truth]!]! > certainFrom;
  }

  /** A memory of 0 in an old row would make the first steps of a new output far too long. */
  #growRow(at: number, oldCount: number): void {
    const view = this.#view;
    const memoryAt = at + this.#plan.outputs;
    let sum = 0;
    for (let k = 0; k < oldCount; k += 1) sum += view[memoryAt + k]!;
    view.fill(sum / oldCount, memoryAt + oldCount, memoryAt + this.#outputCount);
    view.fill(0, memoryAt + this.#outputCount, memoryAt + this.#plan.outputs);
  }

  #initialise(): void {
    const random = initialRandom(this.#options.seed);
    const { inputs, middle } = this.#plan;
    const draw = (row: number, deviation: number): void => {
      for (let j = 0; j < hiddenCount; j += 1) {
        this.#view[row + rowHead + j] = deviation * randomNormal(random);
      }
    };
    for (let i = 1; i <= this.#inputCount; i += 1) {
      draw(inputs.at + i * inputs.stride, Math.sqrt(2 / this.#inputCount));
    }
    for (let i = 0; i < hiddenCount; i += 1) {
      draw(middle.at + i * middle.stride, Math.sqrt(2 / hiddenCount));
    }
  }

  /** All from the middle rows on. */
  #rows(): Float32Array {
    return this.#view.subarray(this.#plan.middle.at);
  }

  /** Takes a larger block, with capacity for more inputs, and the rows as they are. */
  #move(inputCount: number, outputCount: number): void {
    const old = { block: this.#block, rows: this.#rows(), plan: this.#plan };
    const oldCount = this.#inputCount;
    this.#allocate(capacityFor(inputCount), outputCount);
    copyRows(old, { rows: this.#rows(), plan: this.#plan }, oldCount);
    this.#placeSample(inputCount, outputCount);
    old.block.free();
  }

  /** A block of zeros. */
  #allocate(inputRoom: number, outputCount: number): void {
    const { answer, rule, rate } = this.#options;
    const plan = netPlan(paddedOutputs(outputCount));
    const rows = plan.inputs.at + (1 + inputRoom) * plan.inputs.stride;
    const block = allocate(4 * (rows + sampleAt.inputs + inputRoom), this);
    this.#inputRoom = inputRoom;
    this.#plan = plan;
    this.#block = block;
    this.#view = new Float32Array(block.buffer, block.address, block.byteLength / 4);
    this.#view[plan.rateAt] = rate;
    this.#program = netProgram(block, { plan, answer, rule });
    this.sample = new Float32Array(0);
  }

  /** Places the sample after the rows of `inputCount` inputs. The previous one is lost. */
  #placeSample(inputCount: number, outputCount: number): void {
    this.sample.fill(0);
    this.#inputCount = inputCount;
    this.#outputCount = outputCount;
    this.#view[this.#plan.countAt] = outputCount;
    const { inputs } = this.#plan;
    const at = inputs.at + (1 + inputCount) * inputs.stride;
    this.sample = this.#view.subarray(at, at + sampleAt.inputs + inputCount);
    this.sample[sampleAt.bias] = 1;
    this.#sampleAddress = this.#block.address + 4 * at;
  }
}
