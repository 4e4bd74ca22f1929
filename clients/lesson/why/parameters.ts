import type { Memory } from 'rivulet';
import { type Formula, indexed, numberOf, row } from './formula.ts';
import type { Lookup } from './forward.ts';
import { type LessonPass, usedGradient } from './lesson-pass.ts';
import { ids, symbols } from './names.ts';
import type { Quantity } from './quantity.ts';

/** A weight or a bias: its identifiers, symbol, and place in the optimizer's memory. */
export interface ParameterName {
  readonly id: string;
  readonly newId: string;
  readonly gradientId: string;
  readonly symbol: Formula;
  readonly words: string;
  readonly isBias: boolean;
  /** Its layer of weights from 1, where direct weights count as layer 1, and the unit it leads from. */
  readonly from: { readonly layer: number; readonly unit: number };
  /** The position among all parameters in canonical order: per layer W by rows, then b; direct last. */
  readonly index: number;
  readonly before: number;
  readonly gradient: number;
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
    isBias: false,
    from: { layer, unit: from },
    index: offsetOf(pass, layer) + at,
    before: pass.before[layer - 1]!.weights[at]!,
    gradient: pass.gradients[layer - 1]!.weights[at]!,
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
  isBias: true,
  from: { layer, unit: pass.model.sizes[layer - 1]! },
  index: offsetOf(pass, layer) + pass.model.sizes[layer - 1]! * pass.model.sizes[layer]! + to,
  before: pass.before[layer - 1]!.biases[to]!,
  gradient: pass.gradients[layer - 1]!.biases[to]!,
  after: pass.after[layer - 1]!.biases[to]!,
});

/** The weight from an input straight to an output; without `from` the bias that belongs to them. */
export const directName = (
  pass: LessonPass,
  { to, from }: { to: number; from?: number | undefined },
): ParameterName => {
  const { before, gradient, after } = pass.direct!;
  const [inputs, outputs] = [pass.model.sizes[0]!, pass.model.sizes.at(-1)!];
  const isBias = from === undefined;
  const part = isBias ? 'biases' : 'weights';
  const at = isBias ? to : to * inputs + from;
  return {
    id: isBias ? ids.directBias(to) : ids.direct(to, from),
    newId: isBias ? `e'/${to}` : `d'/${to}/${from}`,
    gradientId: isBias ? `dJ/de/${to}` : `dJ/dd/${to}/${from}`,
    symbol: isBias ? symbols.directBias(to) : symbols.direct(to, from),
    words: isBias
      ? `second bias of output ${to + 1}`
      : `direct weight from input ${from + 1} to output ${to + 1}`,
    isBias,
    from: { layer: 1, unit: from ?? inputs },
    index: offsetOf(pass, pass.model.sizes.length) + (isBias ? inputs * outputs : 0) + at,
    before: before[part][at]!,
    gradient: gradient[part][at]!,
    after: after[part][at]!,
  };
};

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

/** The gradient of a direct weight or bias. */
export const directGradientQuantity = (
  { to, from }: { to: number; from?: number | undefined },
  { name, outputLayer }: { name: ParameterName; outputLayer: number },
  look: Lookup,
): Quantity => {
  const delta = ids.delta(outputLayer, to);
  const input = from === undefined ? undefined : ids.h(1, from);
  const at = (id: string): Formula => numberOf(look(id).value, id);
  const symbol = symbols.costBy(name.symbol);
  return {
    id: name.gradientId,
    value: name.gradient,
    title: `Gradient of the ${name.words}`,
    symbol,
    equation: {
      symbols: row(
        symbol,
        '=',
        symbols.delta(outputLayer, to),
        ...(from === undefined ? [] : ['·', symbols.h(1, from)]),
      ),
      numbers: row('=', at(delta), ...(input === undefined ? [] : ['·', at(input)])),
    },
    reason: 'The delta of the output it leads to, times the input that it passes on.',
    sources: input === undefined ? [delta] : [delta, input],
    recompute: (value) => value(delta) * (input === undefined ? 1 : value(input)),
  };
};

/** The gradient that the optimizer gets, where the network adds a penalty or limits its norm. */
export const usedGradientId = ({ model, clipFactor }: LessonPass, name: ParameterName): string =>
  clipFactor !== undefined || (model.weightDecay ?? 0) > 0 ? ids.used(name.id) : name.gradientId;

/** That gradient: c (∂J/∂w + λ w). */
export const usedGradientQuantity = (
  pass: LessonPass,
  name: ParameterName,
  look: Lookup,
): Quantity => {
  const { weightDecay = 0 } = pass.model;
  const hasDecay = weightDecay > 0 && !name.isBias;
  const [decay, factor] = [ids.option('weightDecay'), ids.clipFactor()];
  const isClipped = pass.clipFactor !== undefined;
  const build = (part: { g: Formula; w: Formula; decay: Formula; factor: Formula }): Formula => {
    const sum = hasDecay ? row('(', part.g, '+', part.decay, '·', part.w, ')') : part.g;
    return isClipped ? row(part.factor, '·', sum) : sum;
  };
  const at = (id: string): Formula => numberOf(look(id).value, id);
  return {
    id: ids.used(name.id),
    value: usedGradient(pass, { ...name, weight: name.before }),
    title: `The gradient that the optimizer gets for the ${name.words}`,
    symbol: indexed('g', undefined),
    equation: {
      symbols: row(
        'g',
        '=',
        build({
          g: symbols.costBy(name.symbol),
          w: name.symbol,
          decay: row('λ'),
          factor: row('c'),
        }),
      ),
      numbers: row(
        '=',
        build({
          g: at(name.gradientId),
          w: at(name.id),
          decay: hasDecay ? at(decay) : row('λ'),
          factor: isClipped ? at(factor) : row('c'),
        }),
      ),
    },
    reason: 'The penalty on large weights is added, and a gradient that is too long is shortened.',
    sources: [
      name.gradientId,
      ...(hasDecay ? [decay, name.id] : []),
      ...(isClipped ? [factor] : []),
    ],
    recompute: (value) =>
      (isClipped ? value(factor) : 1) *
      (value(name.gradientId) + (hasDecay ? value(decay) * value(name.id) : 0)),
  };
};

/** The factor on all gradients. */
export const clipFactorQuantity = (pass: LessonPass): Quantity => ({
  id: ids.clipFactor(),
  value: pass.clipFactor!,
  title: 'The factor on all gradients',
  symbol: row('c'),
  reason: `Given: the gradient of one sample has a norm of at most ${pass.model.gradientClip}; a longer one is shortened by this factor.`,
  sources: [],
});

/** The number of updates of a parameter: of one that was made late, fewer than of the network. */
export const ageQuantity = (pass: LessonPass, name: ParameterName): Quantity => ({
  id: ids.age(name.id),
  value: pass.step + 1 - bornAt(pass, name),
  title: `The number of this update of the ${name.words}`,
  symbol: row('t'),
  reason: 'Given: updates are counted from 1, for each parameter since it was made.',
  sources: [],
});

const bornAt = ({ optimizerBefore }: LessonPass, { index }: ParameterName): number =>
  (optimizerBefore as Memory & { readonly born?: Float64Array }).born?.[index] ?? 0;

/** How much the new square of a weight counts. */
export const shareQuantity = (pass: LessonPass, name: ParameterName): Quantity => {
  const { layer, unit } = name.from;
  const value = pass.shares![layer - 1]![unit]!;
  return {
    id: ids.share(name.id),
    value,
    title: 'How much the new square counts in the mean',
    symbol: row('s'),
    reason:
      value === 0
        ? 'Given: the unit that this weight leads from is 0, so the weight has no part in this sample.'
        : 'Given: 1 over the number of updates of the weights from this unit, and at least 0.001.',
    sources: [],
  };
};
