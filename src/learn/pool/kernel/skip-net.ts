import { initialRandom, randomNormal } from '../../../math/random.ts';
import { allocate, type Block } from '../../../math/wasm/arena.ts';
import type { Memory } from '../../learner.ts';
import type { Answer } from './net-answer.ts';
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

/** Options of a {@link SkipNet}. */
export interface SkipNetOptions {
  readonly inputCount: number;
  readonly outputCount: number;
  readonly answer: Answer;
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
  /**
   * The sample in place: its truth, how much it weighs, 1 for the bias, then its inputs. Whoever keeps
   * a copy of it can put it in place again.
   */
  sample!: Float32Array;
  /** The address of the sample. */
  #sampleAddress!: number;

  constructor(options: SkipNetOptions) {
    this.#options = options;
    this.#place(options);
    this.#initialise();
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
    const old = { view: this.#view, plan: this.#plan, block: this.#block };
    const kept = { inputs: this.#inputCount, outputs: this.#outputCount };
    this.#place({ inputCount, outputCount });
    const move = (from: number, to: number, width: number): void => {
      this.#view.set(old.view.subarray(from, from + width), to);
    };
    const { middle } = this.#plan;
    move(old.plan.middle.at, middle.at, middle.count * middle.stride);
    for (let i = 0; i <= hiddenCount; i += 1) {
      const from = old.plan.last.at + i * old.plan.last.stride;
      const to = this.#plan.last.at + i * this.#plan.last.stride;
      move(from, to, rowHead);
      this.#moveOutputs(move, { from, to, at: rowHead, kept: kept.outputs, old: old.plan });
    }
    const first = kept.inputs - keptLast;
    for (let i = 0; i <= kept.inputs; i += 1) {
      const target = i <= first ? i : i + (inputCount - kept.inputs);
      const from = old.plan.inputs.at + i * old.plan.inputs.stride;
      const to = this.#plan.inputs.at + target * this.#plan.inputs.stride;
      move(from, to, directAt);
      this.#moveOutputs(move, { from, to, at: directAt, kept: kept.outputs, old: old.plan });
    }
    old.block.free();
  }

  save(): Memory {
    const { middle, inputs } = this.#plan;
    const used = inputs.at + (1 + this.#inputCount) * inputs.stride;
    const rows = this.#view.slice(middle.at, used);
    return { inputCount: this.#inputCount, outputCount: this.#outputCount, rows };
  }

  load(memory: Memory): void {
    this.#block.free();
    this.#place(memory as unknown as Pick<SkipNetOptions, 'inputCount' | 'outputCount'>);
    this.#view.set(memory['rows'] as Float32Array, this.#plan.middle.at);
  }

  /** Begins again, with the first weights. */
  reset(): void {
    const { middle, inputs } = this.#plan;
    this.#view.fill(0, middle.at, inputs.at + (1 + this.#inputCount) * inputs.stride);
    this.#initialise();
  }

  /** A matrix of weights, row-major [to, from]; the last column is the bias. */
  weights(layer: 'first' | 'second' | 'output' | 'direct'): Float32Array {
    const { inputs, middle, last } = this.#plan;
    const outputs = this.#outputCount;
    const from = this.#inputCount;
    if (layer === 'first') return this.#matrix(biasLast(inputs, from), rowHead, hiddenCount);
    if (layer === 'direct') return this.#matrix(biasLast(inputs, from), directAt, outputs);
    if (layer === 'second') return this.#matrix(inOrder(middle), rowHead, hiddenCount);
    return this.#matrix(inOrder(last), rowHead, outputs);
  }

  #isCertain(): boolean {
    if (this.#options.answer === 'number') return false;
    return this.#view[this.#plan.outputAt + this.sample[sampleAt.truth]!]! > certainFrom;
  }

  #matrix(rows: readonly number[], at: number, count: number): Float32Array {
    const view = this.#view;
    const width = rows.length;
    const matrix = new Float32Array(count * width);
    for (const [i, row] of rows.entries()) {
      const from = row + at;
      for (let j = 0, to = i; j < count; j += 1, to += width) matrix[to] = view[from + j]!;
    }
    return matrix;
  }

  #moveOutputs(
    move: (from: number, to: number, width: number) => void,
    {
      from,
      to,
      at,
      kept,
      old,
    }: { from: number; to: number; at: number; kept: number; old: NetPlan },
  ): void {
    move(from + at, to + at, kept);
    const memoryAt = to + at + this.#plan.outputs;
    move(from + at + old.outputs, memoryAt, kept);
    // A memory of 0 in an old row would make the first steps of a new output far too long.
    let sum = 0;
    for (let k = 0; k < kept; k += 1) sum += this.#view[memoryAt + k]!;
    this.#view.fill(sum / kept, memoryAt + kept, memoryAt + this.#outputCount);
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

  /** A place of its own, all zeros. Room for twice the inputs would save copies, but those are rare. */
  #place({ inputCount, outputCount }: Pick<SkipNetOptions, 'inputCount' | 'outputCount'>): void {
    const { answer, rule, rate } = this.#options;
    const plan = netPlan(paddedOutputs(outputCount));
    const rows = 4 * (plan.inputs.at + (1 + inputCount) * plan.inputs.stride);
    const sampleLength = sampleAt.inputs + inputCount;
    const block = allocate(rows + 4 * sampleLength, this);
    this.#inputCount = inputCount;
    this.#outputCount = outputCount;
    this.#plan = plan;
    this.#block = block;
    this.#sampleAddress = block.address + rows;
    this.sample = new Float32Array(block.buffer, this.#sampleAddress, sampleLength);
    this.sample[sampleAt.bias] = 1;
    this.#view = new Float32Array(block.buffer, block.address, block.byteLength / 4);
    this.#view[plan.countAt] = outputCount;
    this.#view[plan.rateAt] = rate;
    this.#program = netProgram(block, { plan, answer, rule });
  }
}

const inOrder = ({ at, stride, count }: NetPlan['last']): number[] =>
  Array.from({ length: count }, (_, i) => at + i * stride);

const biasLast = ({ at, stride }: NetPlan['inputs'], inputCount: number): number[] => [
  ...Array.from({ length: inputCount }, (_, i) => at + (i + 1) * stride),
  at,
];
