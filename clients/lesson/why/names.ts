import { constant, type Formula, fraction, indexed, row } from './formula.ts';

/** Identifiers and symbols of quantities. Layers count from 1, as in the equations; units from 0. */
export const ids = {
  h: (layer: number, unit: number): string => `h/${layer}/${unit}`,
  z: (layer: number, unit: number): string => `z/${layer}/${unit}`,
  y: (unit: number): string => `y/${unit}`,
  /** The input and the target in the unit of the stream, and the scales between. */
  given: (unit: number): string => `x/${unit}`,
  givenTarget: (unit: number): string => `t/${unit}`,
  inputMean: (unit: number): string => `mean/${unit}`,
  inputDeviation: (unit: number): string => `deviation/${unit}`,
  targetMean: (): string => 'target/mean',
  targetDeviation: (): string => 'target/deviation',
  prediction: (): string => 'prediction',
  /** Of a normalised layer: its values, their mean and deviation, and the way back. */
  normal: (layer: number, unit: number): string => `n/${layer}/${unit}`,
  layerMean: (): string => 'layer/mean',
  layerDeviation: (): string => 'layer/deviation',
  normalDelta: (layer: number, unit: number): string => `dJ/dn/${layer}/${unit}`,
  meanDelta: (): string => 'layer/delta',
  meanProduct: (): string => 'layer/product',
  /** Straight from inputs to outputs. */
  direct: (to: number, from: number): string => `d/${to}/${from}`,
  directBias: (to: number): string => `e/${to}`,
  weight: (layer: number, to: number, from: number): string => `w/${layer}/${to}/${from}`,
  bias: (layer: number, to: number): string => `b/${layer}/${to}`,
  cost: (): string => 'J',
  unitCost: (unit: number): string => `j/${unit}`,
  slope: (layer: number, unit: number): string => `f'/${layer}/${unit}`,
  costByH: (layer: number, unit: number): string => `dJ/dh/${layer}/${unit}`,
  delta: (layer: number, unit: number): string => `delta/${layer}/${unit}`,
  weightGradient: (layer: number, to: number, from: number): string =>
    `dJ/dw/${layer}/${to}/${from}`,
  biasGradient: (layer: number, to: number): string => `dJ/db/${layer}/${to}`,
  newWeight: (layer: number, to: number, from: number): string => `w'/${layer}/${to}/${from}`,
  newBias: (layer: number, to: number): string => `b'/${layer}/${to}`,
  option: (name: string): string => `option/${name}`,
  /** Of one parameter alone: what depends on when it was made, or on its input. */
  age: (parameter: string): string => `age:${parameter}`,
  share: (parameter: string): string => `share:${parameter}`,
  used: (parameter: string): string => `used:${parameter}`,
  full: (parameter: string): string => `full:${parameter}`,
  fraction: (): string => 'cap/fraction',
  outputDelta: (): string => 'cap/delta',
  costChange: (): string => 'cap/change',
  clipFactor: (): string => 'clip',
  /** What the units that a view leaves out add to a sum. */
  rest: (kind: string, layer: number, unit: number): string => `rest/${kind}/${layer}/${unit}`,
} as const;

const upper = (layer: number): Formula => row('(', constant(layer), ')');

/** h_3 of layer 2: units count from 1 for a reader. */
const unitSymbol = (base: string, layer: number, unit: number): Formula =>
  indexed(base, constant(unit + 1), upper(layer));

/** The symbols that stand for quantities in equations. */
export const symbols = {
  h: (layer: number, unit: number): Formula => unitSymbol('h', layer, unit),
  z: (layer: number, unit: number): Formula => unitSymbol('z', layer, unit),
  y: (unit: number): Formula => indexed('y', constant(unit + 1)),
  given: (unit: number): Formula => indexed('x', constant(unit + 1)),
  normal: (layer: number, unit: number): Formula => unitSymbol('n', layer, unit),
  direct: (to: number, from: number): Formula =>
    indexed('d', row(constant(to + 1), ',', constant(from + 1))),
  directBias: (to: number): Formula => indexed('e', constant(to + 1)),
  delta: (layer: number, unit: number): Formula => unitSymbol('δ', layer, unit),
  slope: (layer: number, unit: number): Formula =>
    row(indexed('f', undefined, '′'), '(', unitSymbol('z', layer, unit), ')'),
  weight: (layer: number, to: number, from: number): Formula =>
    indexed('w', row(constant(to + 1), ',', constant(from + 1)), upper(layer)),
  bias: (layer: number, to: number): Formula => unitSymbol('b', layer, to),
  cost: (): Formula => row('J'),
  /** ∂J over another symbol. */
  costBy: (other: Formula): Formula => fraction(row('∂', 'J'), row('∂', other)),
  by: (top: Formula, bottom: Formula): Formula => fraction(row('∂', top), row('∂', bottom)),
} as const;
