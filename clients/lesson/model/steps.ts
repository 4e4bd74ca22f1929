import { isFused } from '../why/backward.ts';
import { constant, type Formula, indexed, row } from '../why/formula.ts';
import type { LessonPass } from '../why/lesson-pass.ts';
import { ids } from '../why/names.ts';

/** One stop on the way of a sample through the network. */
export interface LessonStep {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** The whole layer in one equation, and the shapes of its parts below it. */
  readonly matrix: Formula;
  readonly shapes: string;
  /** The numbers of this step: of units, of weights by rows, or of units and the weights they use. */
  readonly units?: readonly string[];
  readonly weights?: {
    readonly rows: number;
    readonly columns: number;
    readonly id: (row: number, column: number) => string;
  };
  /** Numbers on the way to one of these, whose equations are shown before it. */
  readonly before?: (id: string) => readonly string[];
  /** The layer whose units are highlighted in the network, from 1. */
  readonly layer: number;
}

const upper = (letter: string, layer: number): Formula =>
  indexed(letter, undefined, row('(', constant(layer), ')'));

/** The steps of a pass: forward, cost, backward, gradients, update. */
export const stepsOf = (pass: LessonPass): LessonStep[] => {
  const { sizes } = pass.model;
  const last = sizes.length;
  const layers = Array.from({ length: last - 1 }, (_, index) => index + 2);
  return [
    inputStep(pass),
    ...layers.map((layer) => forwardStep(pass, layer)),
    costStep(last),
    ...layers.toReversed().map((layer) => deltaStep(pass, layer)),
    ...layers.toReversed().map((layer) => gradientStep(pass, layer - 1)),
    ...(pass.direct ? [directGradientStep(pass)] : []),
    ...(pass.part ? [] : layers.map((layer) => updateStep(pass, layer - 1))),
    ...(pass.direct ? [directUpdateStep(pass)] : []),
  ];
};

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const inputStep = ({ model: { sizes }, scale }: LessonPass): LessonStep => ({
  id: 'inputs',
  title: 'Inputs',
  about: scale
    ? 'The sample arrives. Each input is turned into a z-score, so that inputs of any unit count ' +
      'alike; the scores are the outputs h of layer 1.'
    : 'The sample arrives. Its inputs are the outputs h of layer 1.',
  matrix: scale
    ? row(upper('h', 1), '=', '(', 'x', '−', 'μ', ')', '⊘', 'σ')
    : row(upper('h', 1), '=', 'x'),
  shapes: `${sizes[0]}`,
  units: range(sizes[0]!).map((unit) => ids.h(1, unit)),
  layer: 1,
});

const forwardStep = (
  { model: { sizes }, normalised, direct }: LessonPass,
  layer: number,
): LessonStep => {
  const [inputs, outputs] = [sizes[layer - 2]!, sizes[layer - 1]!];
  const isNormalised = normalised?.layer === layer;
  const hasDirect = direct !== undefined && layer === sizes.length;
  return {
    id: `forward-${layer}`,
    title: `Forward, layer ${layer}`,
    about:
      'Each unit adds up its weighted inputs and its bias, z = Σ w h + b, and applies its ' +
      `activation, h = f(${isNormalised ? 'n' : 'z'}).${
        isNormalised ? ' In between, the sums of the layer are normalised, n = (z − μ) / σ.' : ''
      }${hasDirect ? ' The inputs of the network reach the outputs directly, too: Σ d x + e.' : ''}`,
    matrix: row(
      upper('h', layer),
      '=',
      'f',
      '(',
      ...(isNormalised ? ['norm', '('] : []),
      upper('W', layer - 1),
      upper('h', layer - 1),
      '+',
      upper('b', layer - 1),
      ...(hasDirect ? ['+', 'D', upper('h', 1), '+', 'e'] : []),
      ...(isNormalised ? [')'] : []),
      ')',
    ),
    shapes: `${outputs} = f( ${outputs} × ${inputs} · ${inputs} + ${outputs}${
      hasDirect ? ` + ${outputs} × ${sizes[0]} · ${sizes[0]} + ${outputs}` : ''
    } )`,
    units: range(outputs).map((unit) => ids.h(layer, unit)),
    weights: { rows: outputs, columns: inputs, id: (to, from) => ids.weight(layer - 1, to, from) },
    before: (id) => [id.replace('h/', 'z/'), ...(isNormalised ? [id.replace('h/', 'n/')] : [])],
    layer,
  };
};

const costStep = (last: number): LessonStep => ({
  id: 'cost',
  title: 'Cost',
  about: 'The prediction is compared with the target. The cost J says how wrong it was.',
  matrix: row(
    'J',
    '(',
    'W',
    ',',
    'b',
    ';',
    'x',
    ',',
    'y',
    ')',
    '=',
    'L',
    '(',
    upper('h', last),
    ',',
    'y',
    ')',
  ),
  shapes: 'one number',
  units: [ids.cost()],
  before: () => [ids.unitCost(0)],
  layer: last,
});

const deltaStep = (pass: LessonPass, layer: number): LessonStep => {
  const { sizes } = pass.model;
  const isOutput = layer === sizes.length;
  const count = sizes[layer - 1]!;
  const prime = row(indexed('f', undefined, '′'), '(', upper('z', layer), ')');
  const output = isFused(pass)
    ? row(upper('δ', layer), '=', upper('h', layer), '−', 'y')
    : pass.model.loss === 'halfSquaredError'
      ? row(upper('δ', layer), '=', '−', '(', 'y', '−', upper('h', layer), ')', '∘', prime)
      : row(upper('δ', layer), '=', '∂', 'J', '/', '∂', upper('h', layer), '∘', prime);
  const isNormalised = pass.normalised?.layer === layer;
  const transposed = indexed('W', undefined, row('(', constant(layer), ')', '⊤'));
  return {
    id: `delta-${layer}`,
    title: `Deltas, layer ${layer}`,
    about: isOutput
      ? 'How much J changes if z of an output changes: the error, times the slope of the activation.'
      : 'A hidden unit reaches J through every unit of the next layer: its delta is the sum of ' +
        `their deltas, each times the weight in between, times its own slope.${
          isNormalised ? ' Then the way back through the normalisation.' : ''
        }`,
    matrix: isOutput
      ? output
      : row(upper('δ', layer), '=', '(', transposed, upper('δ', layer + 1), ')', '∘', prime),
    shapes: isOutput
      ? `${count}`
      : `${count} = ( ${count} × ${sizes[layer]!} · ${sizes[layer]!} ) ∘ ${count}`,
    units: range(count).map((unit) => ids.delta(layer, unit)),
    ...(!isOutput && {
      before: (id: string) => [
        id.replace('delta/', 'dJ/dh/'),
        ...(isNormalised ? [id.replace('delta/', 'dJ/dn/')] : []),
      ],
    }),
    layer,
  };
};

const gradientStep = ({ model: { sizes } }: LessonPass, layer: number): LessonStep => {
  const [columns, rows] = [sizes[layer - 1]!, sizes[layer]!];
  return {
    id: `gradient-${layer}`,
    title: `Gradients of W${superscript(layer)}`,
    about:
      'How much J changes if one weight changes: the delta of the unit it leads to, times the input ' +
      'that it passes on. All of them at once are an outer product.',
    matrix: row(
      '∂',
      'J',
      '/',
      '∂',
      upper('W', layer),
      '=',
      upper('δ', layer + 1),
      indexed('h', undefined, row('(', constant(layer), ')', '⊤')),
    ),
    shapes: `${rows} × ${columns} = ${rows} × 1 · 1 × ${columns}`,
    weights: { rows, columns, id: (to, from) => ids.weightGradient(layer, to, from) },
    layer: layer + 1,
  };
};

const updateStep = ({ model: { sizes } }: LessonPass, layer: number): LessonStep => {
  const [columns, rows] = [sizes[layer - 1]!, sizes[layer]!];
  return {
    id: `update-${layer}`,
    title: `Update of W${superscript(layer)}`,
    about:
      'Every weight takes a small step against its gradient, so that J would have been smaller.',
    matrix: row(
      upper('W', layer),
      '←',
      upper('W', layer),
      '−',
      'α',
      '·',
      '∂',
      'J',
      '/',
      '∂',
      upper('W', layer),
    ),
    shapes: `${rows} × ${columns}`,
    weights: { rows, columns, id: (to, from) => ids.newWeight(layer, to, from) },
    layer: layer + 1,
  };
};

const directGradientStep = ({ model: { sizes } }: LessonPass): LessonStep => ({
  id: 'gradient-direct',
  title: 'Gradients of D',
  about: 'The same for the direct weights: the delta of the output, times the input.',
  matrix: row(
    ...['∂', 'J', '/', '∂', 'D', '='],
    upper('δ', sizes.length),
    indexed('h', undefined, row('(', constant(1), ')', '⊤')),
  ),
  shapes: `${sizes.at(-1)} × ${sizes[0]} = ${sizes.at(-1)} × 1 · 1 × ${sizes[0]}`,
  weights: {
    rows: sizes.at(-1)!,
    columns: sizes[0]!,
    id: (to, from) => `dJ/dd/${to}/${from}`,
  },
  layer: sizes.length,
});

const directUpdateStep = ({ model: { sizes } }: LessonPass): LessonStep => ({
  id: 'update-direct',
  title: 'Update of D',
  about: 'The direct weights take their step, too.',
  matrix: row('D', '←', 'D', '−', 'α', '·', '∂', 'J', '/', '∂', 'D'),
  shapes: `${sizes.at(-1)} × ${sizes[0]}`,
  weights: { rows: sizes.at(-1)!, columns: sizes[0]!, id: (to, from) => `d'/${to}/${from}` },
  layer: sizes.length,
});

const superscript = (layer: number): string => `⁽${'⁰¹²³⁴⁵⁶⁷⁸⁹'[layer]}⁾`;
