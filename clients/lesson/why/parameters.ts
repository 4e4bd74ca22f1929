import type { Formula } from './formula.ts';
import type { LessonPass } from './lesson-pass.ts';
import { ids, symbols } from './names.ts';
import type { Quantity } from './quantity.ts';

/** A weight or a bias: its identifiers, symbol, and place in the optimizer's memory. */
export interface ParameterName {
  readonly id: string;
  readonly newId: string;
  readonly gradientId: string;
  readonly symbol: Formula;
  readonly words: string;
  /** The position among all parameters in canonical order: per layer W by rows, then b. */
  readonly index: number;
  readonly before: number;
  readonly after: number;
}

const offsetOf = ({ model: { sizes } }: LessonPass, layer: number): number => {
  let offset = 0;
  for (let l = 1; l < layer; l++) offset += (sizes[l - 1]! + 1) * sizes[l]!;
  return offset;
};

/** The weight from unit `from` of a layer to unit `to` of the next. */
export const weightName = (
  pass: LessonPass,
  { layer, to, from }: { layer: number; to: number; from: number },
): ParameterName => {
  const at = to * pass.model.sizes[layer - 1]! + from;
  return {
    id: ids.weight(layer, to, from),
    newId: ids.newWeight(layer, to, from),
    gradientId: ids.weightGradient(layer, to, from),
    symbol: symbols.weight(layer, to, from),
    words: `weight from unit ${from + 1} of layer ${layer} to unit ${to + 1} of layer ${layer + 1}`,
    index: offsetOf(pass, layer) + at,
    before: pass.before[layer - 1]!.weights[at]!,
    after: pass.after[layer - 1]!.weights[at]!,
  };
};

/** The bias of a unit of the next layer. */
export const biasName = (
  pass: LessonPass,
  { layer, to }: { layer: number; to: number },
): ParameterName => ({
  id: ids.bias(layer, to),
  newId: ids.newBias(layer, to),
  gradientId: ids.biasGradient(layer, to),
  symbol: symbols.bias(layer, to),
  words: `bias of unit ${to + 1} of layer ${layer + 1}`,
  index: offsetOf(pass, layer) + pass.model.sizes[layer - 1]! * pass.model.sizes[layer]! + to,
  before: pass.before[layer - 1]!.biases[to]!,
  after: pass.after[layer - 1]!.biases[to]!,
});

/** A parameter as it was before this sample. */
export const parameterQuantity = (pass: LessonPass, name: ParameterName): Quantity => ({
  id: name.id,
  value: name.before,
  title: `The ${name.words}`,
  symbol: name.symbol,
  reason:
    pass.step === 0
      ? 'Given: a random number that the network began with (a bias begins at 0).'
      : `Given: what the ${pass.step.toLocaleString('en')} updates before this sample made of it.`,
  sources: [],
});
