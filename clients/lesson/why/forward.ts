import { constant, type Formula, fraction, indexed, joined, numberOf, row } from './formula.ts';
import type { LessonPass } from './lesson-pass.ts';
import { ids, symbols } from './names.ts';
import type { Quantity } from './quantity.ts';
import { restTerms } from './rest.ts';

/** A sum with more terms than this is shortened in its equation; all terms are in a table. */
const termsShown = 4;

/** A sum as a formula: the first terms, dots, and the last. */
export const shortSum = (terms: readonly Formula[]): Formula => {
  if (terms.length <= termsShown) return joined(terms, '+');
  return joined([...terms.slice(0, termsShown - 1), row('…'), terms.at(-1)!], '+');
};

/** A product of two quantities, with their numbers. */
export const productOf = (a: Quantity | Formula, b: Quantity | Formula): Formula =>
  row(shown(a), '·', shown(b));

const shown = (part: Quantity | Formula): Formula =>
  'kind' in part ? part : numberOf(part.value, part.id);

/** Looks up another quantity of the same pass. */
export type Lookup = (id: string) => Quantity;

/** z = Σ w h + b; of outputs with direct weights Σ d x + e is added. */
export const sumQuantity = (
  pass: LessonPass,
  { layer, unit }: { layer: number; unit: number },
  look: Lookup,
): Quantity => {
  const inputs = Array.from(pass.h[layer - 2]!, (_, from) => ({
    w: ids.weight(layer - 1, unit, from),
    h: ids.h(layer - 1, from),
    letters: row(symbols.weight(layer - 1, unit, from), symbols.h(layer - 1, from)),
  }));
  const straight =
    pass.direct && layer === pass.model.sizes.length
      ? Array.from(pass.h[0]!, (_, from) => ({
          w: ids.direct(unit, from),
          h: ids.h(1, from),
          letters: row(symbols.direct(unit, from), symbols.h(1, from)),
        }))
      : [];
  const biases = [
    { id: ids.bias(layer - 1, unit), symbol: symbols.bias(layer - 1, unit) },
    ...(straight.length > 0
      ? [{ id: ids.directBias(unit), symbol: symbols.directBias(unit) }]
      : []),
  ];
  const products = (part: typeof inputs): Formula =>
    shortSum(part.map(({ w, h }) => productOf(look(w), look(h))));
  const sums = [inputs, straight].filter(({ length }) => length > 0);
  const symbol = symbols.z(layer, unit);
  const all = sums.flat();
  const rest = restTerms(pass, { kind: 'z', layer, unit });
  return {
    id: ids.z(layer, unit),
    value: pass.z[layer - 2]![unit]!,
    title: `Weighted sum of unit ${unit + 1}, layer ${layer}`,
    symbol,
    equation: {
      symbols: row(
        symbol,
        '=',
        joined(
          [
            ...sums.map((part) => shortSum(part.map(({ letters }) => letters))),
            ...rest.symbols,
            ...biases.map((bias) => bias.symbol),
          ],
          '+',
        ),
      ),
      numbers: row(
        '=',
        joined(
          [
            ...sums.map(products),
            ...rest.numbers(),
            ...biases.map(({ id }) => numberOf(look(id).value, id)),
          ],
          '+',
        ),
      ),
    },
    reason:
      straight.length > 0
        ? 'Each unit counts as much as its weight says, and so does each input of the network, by a ' +
          'direct weight; the biases are added to the sum.'
        : 'Each input counts as much as its weight says; the bias is added to the sum.',
    sources: [...all.flatMap(({ w, h }) => [w, h]), ...rest.ids, ...biases.map(({ id }) => id)],
    terms: all.map(({ w, h }) => ({ factors: [w, h] })),
    recompute: (value) =>
      all.reduce(
        (sum, { w, h }) => sum + value(w) * value(h),
        [...rest.ids, ...biases.map(({ id }) => id)].reduce((sum, id) => sum + value(id), 0),
      ),
  };
};

/** What the activation of a unit is applied to: its sum z, or that normalised. */
export const seenBy = (
  { normalised }: LessonPass,
  { layer, unit }: { layer: number; unit: number },
): { id: string; symbol: Formula } =>
  normalised?.layer === layer
    ? { id: ids.normal(layer, unit), symbol: symbols.normal(layer, unit) }
    : { id: ids.z(layer, unit), symbol: symbols.z(layer, unit) };

interface ActivationWords {
  readonly name: string;
  readonly formula: (z: Formula) => Formula;
  readonly value: (z: number) => number;
  /** f′ from z and h. */
  readonly slopeFormula: (z: Formula, h: Formula) => Formula;
  readonly slope: (z: number, h: number) => number;
}

const one = constant(1);
const power = (exponent: Formula): Formula => indexed('e', undefined, exponent);
const logistic = (z: number): number => 1 / (1 + Math.exp(-z));

/** How each elementwise activation is written, and computed as a check. */
export const activationWords: Readonly<Record<string, ActivationWords>> = {
  identity: {
    name: 'the identity',
    formula: (z) => z,
    value: (z) => z,
    slopeFormula: () => one,
    slope: () => 1,
  },
  sigmoid: {
    name: 'the sigmoid',
    formula: (z) => fraction(one, row(one, '+', power(row('−', z)))),
    value: logistic,
    slopeFormula: (_z, h) => row(h, '(', one, '−', h, ')'),
    slope: (_z, h) => h * (1 - h),
  },
  tanh: {
    name: 'the hyperbolic tangent',
    formula: (z) => row('tanh', '(', z, ')'),
    value: Math.tanh,
    slopeFormula: (_z, h) => row(one, '−', indexed(h, undefined, constant(2))),
    slope: (_z, h) => 1 - h * h,
  },
  relu: {
    name: 'the rectifier',
    formula: (z) => row('max', '(', constant(0), ',', z, ')'),
    value: (z) => Math.max(0, z),
    slopeFormula: (z) => row('[', z, '>', constant(0), ']'),
    slope: (z) => (z > 0 ? 1 : 0),
  },
  leakyRelu: {
    name: 'the leaky rectifier',
    formula: (z) => row('max', '(', constant(0.01), z, ',', z, ')'),
    value: (z) => (z > 0 ? z : 0.01 * z),
    slopeFormula: (z) =>
      row('[', z, '>', constant(0), ']', '+', constant(0.01), '[', z, '≤', constant(0), ']'),
    slope: (z) => (z > 0 ? 1 : 0.01),
  },
  softplus: {
    name: 'the softplus',
    formula: (z) => row('ln', '(', one, '+', power(z), ')'),
    value: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    slopeFormula: (z) => fraction(one, row(one, '+', power(row('−', z)))),
    slope: logistic,
  },
};

/** h = f(z). */
export const activationQuantity = (
  pass: LessonPass,
  { layer, unit }: { layer: number; unit: number },
  look: Lookup,
): Quantity => {
  const activation = pass.model.activations[layer - 2]!;
  const symbol = symbols.h(layer, unit);
  const base = {
    id: ids.h(layer, unit),
    value: pass.h[layer - 1]![unit]!,
    title: `Output of unit ${unit + 1}, layer ${layer}`,
    symbol,
  };
  const { id: z, symbol: zSymbol } = seenBy(pass, { layer, unit });
  if (activation === 'softmax') return { ...base, ...softmaxParts(pass, { layer, unit }, look) };
  const words = activationWords[activation]!;
  return {
    ...base,
    equation: {
      symbols: row(symbol, '=', 'f', '(', zSymbol, ')', '=', words.formula(zSymbol)),
      numbers: row('=', words.formula(numberOf(look(z).value, z))),
    },
    reason: `The unit applies its activation f, ${words.name}, to ${z.startsWith('n/') ? 'its normalised sum n' : 'its sum z'}.`,
    sources: [z],
    recompute: (value) => words.value(value(z)),
  };
};

const softmaxParts = (
  pass: LessonPass,
  { layer, unit }: { layer: number; unit: number },
  look: Lookup,
): Pick<Quantity, 'equation' | 'reason' | 'sources' | 'recompute'> => {
  const sums = Array.from(pass.z[layer - 2]!, (_, index) => ids.z(layer, index));
  const own = sums[unit]!;
  const rest = restTerms(pass, { kind: 'powers', layer, unit });
  const powers = sums.map((id) => power(numberOf(look(id).value, id)));
  return {
    equation: {
      symbols: row(
        symbols.h(layer, unit),
        '=',
        fraction(
          power(symbols.z(layer, unit)),
          joined(
            [shortSum(sums.map((_, index) => power(symbols.z(layer, index)))), ...rest.symbols],
            '+',
          ),
        ),
      ),
      numbers: row(
        '=',
        fraction(powers[unit]!, joined([shortSum(powers), ...rest.numbers()], '+')),
      ),
    },
    reason: 'Softmax turns the sums of the layer into probabilities: each power over their total.',
    sources: [...sums, ...rest.ids],
    recompute(value) {
      const largest = Math.max(...sums.map(value));
      const others = rest.ids.reduce((sum, id) => sum + value(id), 0) * Math.exp(-largest);
      const total = sums.reduce((sum, id) => sum + Math.exp(value(id) - largest), others);
      return Math.exp(value(own) - largest) / total;
    },
  };
};
