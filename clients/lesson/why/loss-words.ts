import type { LossName } from 'rivulet';
import { constant, type Formula, fraction, indexed, row } from './formula.ts';
import type { LessonModel } from './lesson-pass.ts';

/** How a loss is written, and computed as a check. */
export interface LossWords {
  readonly name: string;
  /** The cost of one output from its h and y. */
  readonly formula: (h: Formula, y: Formula) => Formula;
  readonly value: (h: number, y: number) => number;
  /** ∂J/∂h. */
  readonly slopeFormula: (h: Formula, y: Formula) => Formula;
  readonly slope: (h: number, y: number) => number;
}

const one = constant(1);
const half = fraction(constant(1), constant(2));
const squared = (inner: Formula): Formula => indexed(row('(', inner, ')'), undefined, constant(2));

/** A prediction of exactly 0 has no logarithm; where y is 0 too, its term is 0. */
const timesLog = (factor: number, of: number): number => (factor === 0 ? 0 : factor * Math.log(of));

const lossWords: Readonly<Record<Exclude<LossName, 'huber'>, LossWords>> = {
  halfSquaredError: {
    name: 'half the squared error',
    formula: (h, y) => row(half, squared(row(y, '−', h))),
    value: (h, y) => (y - h) ** 2 / 2,
    slopeFormula: (h, y) => row('−', '(', y, '−', h, ')'),
    slope: (h, y) => h - y,
  },
  crossEntropy: {
    name: 'the cross entropy',
    formula: (h, y) => row('−', y, 'ln', h),
    value: (h, y) => -timesLog(y, h),
    slopeFormula: (h, y) => row('−', fraction(y, h)),
    slope: (h, y) => (y === 0 ? 0 : -y / h),
  },
  binaryCrossEntropy: {
    name: 'the binary cross entropy',
    formula: (h, y) =>
      row('−', y, 'ln', h, '−', '(', one, '−', y, ')', 'ln', '(', one, '−', h, ')'),
    value: (h, y) => -timesLog(y, h) - timesLog(1 - y, 1 - h),
    slopeFormula: (h, y) => row(fraction(row(one, '−', y), row(one, '−', h)), '−', fraction(y, h)),
    slope: (h, y) => (1 - y) / (1 - h) - y / h,
  },
};

const huberWords = (delta: number): LossWords => ({
  name: `the Huber loss: half the squared error, but a line where the error exceeds ${delta}`,
  formula: (h, y) => row(indexed('H', constant(delta)), '(', y, '−', h, ')'),
  value(h, y) {
    const size = Math.abs(h - y);
    return size <= delta ? (size * size) / 2 : delta * (size - delta / 2);
  },
  slopeFormula: (h, y) =>
    row(
      'max',
      '(',
      '−',
      constant(delta),
      ',',
      'min',
      '(',
      constant(delta),
      ',',
      h,
      '−',
      y,
      ')',
      ')',
    ),
  slope: (h, y) => Math.max(-delta, Math.min(delta, h - y)),
});

/** How the loss of a model is written. */
export const lossWordsOf = ({ loss, lossDelta = 1 }: LessonModel): LossWords =>
  loss === 'huber' ? huberWords(lossDelta) : lossWords[loss];
