import { constant, type Formula, fraction, indexed, numberOf, row } from './formula.ts';
import { type Lookup, shortSum } from './forward.ts';
import type { LessonPass } from './lesson-pass.ts';
import { ids, symbols } from './names.ts';
import type { Quantity } from './quantity.ts';

interface LossWords {
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

/** How each loss is written, and computed as a check. */
export const lossWords: Readonly<Record<string, LossWords>> = {
  halfSquaredError: {
    name: 'half the squared error',
    formula: (h, y) => row(half, squared(row(y, '−', h))),
    value: (h, y) => (y - h) ** 2 / 2,
    slopeFormula: (h, y) => row('−', '(', y, '−', h, ')'),
    slope: (h, y) => h - y,
  },
  huber: {
    name: 'the Huber loss: half the squared error, but a line where the error exceeds 1',
    formula: (h, y) => row('H', '(', y, '−', h, ')'),
    value: (h, y) => (Math.abs(h - y) <= 1 ? (h - y) ** 2 / 2 : Math.abs(h - y) - 0.5),
    slopeFormula: (h, y) =>
      row('max', '(', '−', one, ',', 'min', '(', one, ',', h, '−', y, ')', ')'),
    slope: (h, y) => Math.max(-1, Math.min(1, h - y)),
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

/** J of the sample: the sum over its outputs. */
export const costQuantity = (pass: LessonPass, look: Lookup): Quantity => {
  const layer = pass.model.sizes.length;
  const units = pass.sample.y.map((_, unit) => ids.unitCost(unit));
  const { name, formula } = lossWords[pass.model.loss]!;
  const shown = units.map((id) => numberOf(look(id).value, id));
  const general = formula(indexed('h', 'k', row('(', constant(layer), ')')), indexed('y', 'k'));
  const isSquared = pass.model.loss === 'halfSquaredError';
  const norm = row(
    half,
    indexed(
      row('‖', 'y', '−', indexed('h', undefined, row('(', constant(layer), ')')), '‖'),
      undefined,
      constant(2),
    ),
  );
  return {
    id: ids.cost(),
    value: pass.cost,
    title: 'Cost J of this sample',
    symbol: symbols.cost(),
    equation: {
      symbols: row('J', '=', ...(isSquared ? [norm, '='] : []), indexed('∑', 'k'), general),
      numbers: row('=', shortSum(shown)),
    },
    reason: `The cost is ${name}, summed over the outputs: the smaller, the better the prediction.`,
    sources: units,
    terms: units.map((id) => ({ factors: [id] })),
    recompute: (value) => units.reduce((sum, id) => sum + value(id), 0),
  };
};

/** The part of J that one output adds. */
export const unitCostQuantity = (pass: LessonPass, unit: number, look: Lookup): Quantity => {
  const layer = pass.model.sizes.length;
  const words = lossWords[pass.model.loss]!;
  const [h, y] = [ids.h(layer, unit), ids.y(unit)];
  const symbol = indexed('J', constant(unit + 1));
  return {
    id: ids.unitCost(unit),
    value: words.value(look(h).value, look(y).value),
    title: `Cost of output ${unit + 1}`,
    symbol,
    equation: {
      symbols: row(symbol, '=', words.formula(symbols.h(layer, unit), symbols.y(unit))),
      numbers: row('=', words.formula(numberOf(look(h).value, h), numberOf(look(y).value, y))),
    },
    reason: `How far output ${unit + 1} is from its target, by ${words.name}.`,
    sources: [h, y],
    recompute: (value) => words.value(value(h), value(y)),
  };
};
