import { constant, type Formula, fraction, indexed, root, row } from './formula.ts';
import type { LessonPass } from './lesson-pass.ts';
import { roughInverseRoot } from './rough-root.ts';

/** What an optimizer remembers of each parameter, and how an update changes it. */
export interface StateRule {
  readonly symbol: string;
  readonly title: string;
  readonly formula: (old: Formula, gradient: Formula, option: (name: string) => Formula) => Formula;
  readonly value: (old: number, gradient: number, option: (name: string) => number) => number;
  readonly options: readonly string[];
}

/** How an optimizer moves a parameter. */
export interface UpdateRule {
  readonly states: Readonly<Record<string, StateRule>>;
  readonly options: readonly string[];
  readonly formula: (terms: RuleTerms<Formula>) => Formula;
  readonly value: (terms: RuleTerms<number>) => number;
  readonly reason: string;
}

export interface RuleTerms<T> {
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

/** In a net of a pool: a mean of squares in which a new one counts s, which falls with the updates. */
const sharedSquares: StateRule = {
  symbol: 'v',
  title: 'running mean of the squared gradient',
  options: ['share'],
  formula: (old, g, option) => row(old, '+', option('share'), '(', squared(g), '−', old, ')'),
  value: (old, g, option) =>
    option('share') === 0 ? old : Math.max(1e-16, old + option('share') * (g * g - old)),
};

const summedSquares: StateRule = {
  symbol: 'G',
  title: 'sum of squared gradients',
  options: [],
  formula: (old, g) => row(old, '+', squared(g)),
  value: (old, g) => old + g * g,
};

/** w − αg r(square), where r is 1/√ in two instructions. */
const poolRule = (squares: StateRule, reason: string): UpdateRule => ({
  states: { squares },
  options: ['learningRate'],
  formula: ({ w, g, option, state }) =>
    row(w, '−', option('learningRate'), '·', g, '·', 'r', '(', state('squares'), ')'),
  value: ({ w, g, option, state }) =>
    g === 0 ? w : w - option('learningRate') * g * roughInverseRoot(state('squares')),
  reason: `${reason} r is 1/√ to 3.5 %, which is enough for the length of a step.`,
});

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
      squares: summedSquares,
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
  'rms of a pool': poolRule(sharedSquares, rmspropReason),
  'adagrad of a pool': poolRule(
    summedSquares,
    'Parameters that had large gradients take shorter steps.',
  ),
};

/** How the optimizer of a pass moves a parameter. */
export const ruleOf = ({ model: { optimizer } }: LessonPass): UpdateRule => {
  const isCorrected = optimizer.options['biasCorrection'] === true;
  return rules[isCorrected ? `${optimizer.name}, corrected` : optimizer.name]!;
};
