import { constant, type Formula, fraction, indexed, numberOf, root, row } from './formula.ts';
import type { Lookup } from './forward.ts';
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

/** The names of the optimizer's settings in equations. */
const optionSymbols: Readonly<Record<string, string>> = {
  learningRate: 'α',
  momentum: 'μ',
  decay: 'β',
  beta1: 'β₁',
  beta2: 'β₂',
  epsilon: 'ε',
  weightDecay: 'λ',
  t: 't',
};

/** A setting of the optimizer, or t, the number of this update. */
export const optionQuantity = (pass: LessonPass, name: string): Quantity => {
  const { optimizer } = pass.model;
  const isCount = name === 't';
  return {
    id: ids.option(name),
    value: isCount ? pass.step + 1 : Number(optimizer.options[name]),
    title: isCount ? 'The number of this update' : `${name} of the optimizer ${optimizer.name}`,
    symbol: row(optionSymbols[name] ?? name),
    reason: isCount
      ? 'Given: updates are counted from 1.'
      : `Given: a setting of the optimizer ${optimizer.name}.`,
    sources: [],
  };
};

/** What an optimizer remembers of each parameter, and how an update changes it. */
interface StateRule {
  readonly symbol: string;
  readonly title: string;
  readonly formula: (old: Formula, gradient: Formula, option: (name: string) => Formula) => Formula;
  readonly value: (old: number, gradient: number, option: (name: string) => number) => number;
  readonly options: readonly string[];
}

/** How an optimizer moves a parameter. */
interface UpdateRule {
  readonly states: Readonly<Record<string, StateRule>>;
  readonly options: readonly string[];
  readonly formula: (terms: RuleTerms<Formula>) => Formula;
  readonly value: (terms: RuleTerms<number>) => number;
  readonly reason: string;
}

interface RuleTerms<T> {
  readonly w: T;
  readonly g: T;
  readonly option: (name: string) => T;
  readonly state: (name: string) => T;
}

const squared = (inner: Formula): Formula => indexed(inner, undefined, constant(2));
const one = constant(1);
const raised = (base: Formula, exponent: Formula): Formula => indexed(base, undefined, exponent);
const unbiased = (state: Formula, beta: Formula, t: Formula): Formula =>
  fraction(state, row(one, '−', raised(beta, t)));

const velocity: StateRule = {
  symbol: 'v',
  title: 'velocity',
  options: ['momentum'],
  formula: (old, g, option) => row(option('momentum'), '·', old, '+', g),
  value: (old, g, option) => option('momentum') * old + g,
};

const meanOf = (
  symbol: string,
  title: string,
  { beta, isSquared }: { beta: string; isSquared: boolean },
): StateRule => ({
  symbol,
  title,
  options: [beta],
  formula: (old, g, option) =>
    row(
      option(beta),
      '·',
      old,
      '+',
      '(',
      one,
      '−',
      option(beta),
      ')',
      '·',
      isSquared ? squared(g) : g,
    ),
  value: (old, g, option) => option(beta) * old + (1 - option(beta)) * (isSquared ? g * g : g),
});

const adamStates = {
  means: meanOf('m', 'running mean of the gradient', { beta: 'beta1', isSquared: false }),
  squares: meanOf('v', 'running mean of the squared gradient', { beta: 'beta2', isSquared: true }),
};

/** w − αg / (√square + ε). */
const overRoot = ({ w, g, option }: RuleTerms<Formula>, square: Formula): Formula =>
  row(
    w,
    '−',
    fraction(row(option('learningRate'), '·', g), row(root(square), '+', option('epsilon'))),
  );

const rmspropReason = 'The step is divided by the root of the mean square of the gradient.';

/** As the optimizer has it: a mean of squares never falls below 1e-30. */
const meanSquare = meanOf('v', 'running mean of the squared gradient', {
  beta: 'decay',
  isSquared: true,
});
const rmspropStates = {
  squares: {
    ...meanSquare,
    value: (old: number, g: number, option: (name: string) => number) =>
      Math.max(1e-30, meanSquare.value(old, g, option)),
  },
};

const adamStep = ({ option, state }: RuleTerms<number>): number => {
  const t = option('t');
  const mean = state('means') / (1 - option('beta1') ** t);
  const square = state('squares') / (1 - option('beta2') ** t);
  return (option('learningRate') * mean) / (Math.sqrt(square) + option('epsilon'));
};

const adamStepFormula = ({ option, state }: RuleTerms<Formula>): Formula =>
  row(
    option('learningRate'),
    '·',
    fraction(
      unbiased(state('means'), option('beta1'), option('t')),
      row(root(unbiased(state('squares'), option('beta2'), option('t'))), '+', option('epsilon')),
    ),
  );

const rules: Readonly<Record<string, UpdateRule>> = {
  sgd: {
    states: {},
    options: ['learningRate'],
    formula: ({ w, g, option }) => row(w, '−', option('learningRate'), '·', g),
    value: ({ w, g, option }) => w - option('learningRate') * g,
    reason: 'One step against the gradient, as long as the learning rate α says.',
  },
  momentum: {
    states: { velocity },
    options: ['learningRate'],
    formula: ({ w, option, state }) => row(w, '−', option('learningRate'), '·', state('velocity')),
    value: ({ w, option, state }) => w - option('learningRate') * state('velocity'),
    reason: 'The step follows a velocity, which averages the gradients of the last samples.',
  },
  nesterov: {
    states: { velocity },
    options: ['learningRate', 'momentum'],
    formula: ({ w, g, option, state }) =>
      row(
        w,
        '−',
        option('learningRate'),
        '(',
        g,
        '+',
        option('momentum'),
        '·',
        state('velocity'),
        ')',
      ),
    value: ({ w, g, option, state }) =>
      w - option('learningRate') * (g + option('momentum') * state('velocity')),
    reason: 'As with momentum, but the step looks ahead along the velocity.',
  },
  adagrad: {
    states: {
      squares: {
        symbol: 'G',
        title: 'sum of squared gradients',
        options: [],
        formula: (old, g) => row(old, '+', squared(g)),
        value: (old, g) => old + g * g,
      },
    },
    options: ['learningRate', 'epsilon'],
    formula: (terms) => overRoot(terms, terms.state('squares')),
    // A parameter whose gradient is 0 does not move, also where its sum of squares is 0.
    value: ({ w, g, option, state }) =>
      g === 0
        ? w
        : w - (option('learningRate') * g) / (Math.sqrt(state('squares')) + option('epsilon')),
    reason: 'Parameters that had large gradients take shorter steps.',
  },
  rmsprop: {
    states: rmspropStates,
    options: ['learningRate', 'epsilon'],
    formula: (terms) => overRoot(terms, terms.state('squares')),
    value: ({ w, g, option, state }) =>
      w - (option('learningRate') * g) / (Math.sqrt(state('squares')) + option('epsilon')),
    reason: rmspropReason,
  },
  'rmsprop, corrected': {
    states: rmspropStates,
    options: ['learningRate', 'epsilon', 'decay', 't'],
    formula: (terms) => {
      const { option, state } = terms;
      return overRoot(terms, unbiased(state('squares'), option('decay'), option('t')));
    },
    value({ w, g, option, state }) {
      const square = state('squares') / (1 - option('decay') ** option('t'));
      return w - (option('learningRate') * g) / (Math.sqrt(square) + option('epsilon'));
    },
    reason: rmspropReason,
  },
  adam: {
    states: adamStates,
    options: ['learningRate', 'beta1', 'beta2', 'epsilon', 't'],
    formula: (terms) => row(terms.w, '−', adamStepFormula(terms)),
    value: (terms) => terms.w - adamStep(terms),
    reason: 'The mean gradient over the root of the mean square: steps of about the same length.',
  },
  adamw: {
    states: adamStates,
    options: ['learningRate', 'beta1', 'beta2', 'epsilon', 'weightDecay', 't'],
    formula: (terms) => {
      const { w, option } = terms;
      const decay = row('(', one, '−', option('learningRate'), '·', option('weightDecay'), ')');
      return row(decay, '·', w, '−', adamStepFormula(terms));
    },
    value: (terms) => {
      const { w, option } = terms;
      return (1 - option('learningRate') * option('weightDecay')) * w - adamStep(terms);
    },
    reason: 'As Adam, and each parameter also decays a little towards 0.',
  },
};

const ruleOf = ({ model: { optimizer } }: LessonPass): UpdateRule => {
  const isCorrected = optimizer.options['biasCorrection'] === true;
  return rules[isCorrected ? `${optimizer.name}, corrected` : optimizer.name]!;
};

const oldState = (state: string, parameter: string): string => `old:${state}:${parameter}`;
const newState = (state: string, parameter: string): string => `new:${state}:${parameter}`;

/** What the optimizer remembered of a parameter before this sample. */
export const oldStateQuantity = (
  pass: LessonPass,
  state: string,
  name: ParameterName,
): Quantity => {
  const rule = ruleOf(pass).states[state]!;
  const values = pass.optimizerBefore[state] as Float64Array;
  return {
    id: oldState(state, name.id),
    value: values[name.index]!,
    title: `The ${rule.title} before this sample, for the ${name.words}`,
    symbol: row(rule.symbol),
    reason: 'Given: what the optimizer remembers of the samples before. It begins at 0.',
    sources: [],
  };
};

/** What the optimizer remembers of a parameter after this sample. */
export const newStateQuantity = (
  pass: LessonPass,
  { state, name }: { state: string; name: ParameterName },
  look: Lookup,
): Quantity => {
  const rule = ruleOf(pass).states[state]!;
  const old = oldState(state, name.id);
  const at = (id: string): Formula => numberOf(look(id).value, id);
  const values = pass.optimizerAfter[state] as Float64Array;
  return {
    id: newState(state, name.id),
    value: values[name.index]!,
    title: `The ${rule.title} with this sample, for the ${name.words}`,
    symbol: row(rule.symbol),
    equation: {
      symbols: row(
        rule.symbol,
        '←',
        rule.formula(row(rule.symbol), symbols.costBy(name.symbol), (option) =>
          row(optionSymbols[option]!),
        ),
      ),
      numbers: row(
        '=',
        rule.formula(at(old), at(name.gradientId), (option) => at(ids.option(option))),
      ),
    },
    reason: `The optimizer keeps a ${rule.title} for each parameter.`,
    sources: [old, name.gradientId, ...rule.options.map(ids.option)],
    recompute: (value) =>
      rule.value(value(old), value(name.gradientId), (option) => value(ids.option(option))),
  };
};

/** A parameter after the update. */
export const updateQuantity = (pass: LessonPass, name: ParameterName, look: Lookup): Quantity => {
  const rule = ruleOf(pass);
  const at = (id: string): Formula => numberOf(look(id).value, id);
  const states = Object.keys(rule.states);
  return {
    id: name.newId,
    value: name.after,
    title: `The ${name.words}, after the update`,
    symbol: indexed(name.symbol, undefined, row('′')),
    equation: {
      symbols: row(
        name.symbol,
        '←',
        rule.formula({
          w: name.symbol,
          g: symbols.costBy(name.symbol),
          option: (option) => row(optionSymbols[option]!),
          state: (state) => row(rule.states[state]!.symbol),
        }),
      ),
      numbers: row(
        '=',
        rule.formula({
          w: at(name.id),
          g: at(name.gradientId),
          option: (option) => at(ids.option(option)),
          state: (state) => at(newState(state, name.id)),
        }),
      ),
    },
    reason: rule.reason,
    sources: [
      name.id,
      name.gradientId,
      ...rule.options.map(ids.option),
      ...states.map((state) => newState(state, name.id)),
    ],
    recompute: (value) =>
      rule.value({
        w: value(name.id),
        g: value(name.gradientId),
        option: (option) => value(ids.option(option)),
        state: (state) => value(newState(state, name.id)),
      }),
  };
};
