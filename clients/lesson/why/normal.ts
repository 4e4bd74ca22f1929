import { constant, type Formula, fraction, indexed, numberOf, root, row } from './formula.ts';
import { type Lookup, productOf, shortSum } from './forward.ts';
import type { LessonPass } from './lesson-pass.ts';
import { ids, symbols } from './names.ts';
import type { Quantity } from './quantity.ts';

interface Unit {
  readonly layer: number;
  readonly unit: number;
}

/** Keeps the deviation of a layer above 0. */
const floor = 1e-5;

const mu = indexed('μ', 'z');
const sigma = indexed('σ', 'z');
const mean = (formula: Formula, count: number): Formula =>
  row(fraction(constant(1), constant(count)), '(', formula, ')');
const number = (look: Lookup, id: string): Formula => numberOf(look(id).value, id);
const squared = (inner: Formula): Formula => indexed(row('(', inner, ')'), undefined, constant(2));

/** n = (z − μ) / σ. */
export const normalQuantity = (pass: LessonPass, { layer, unit }: Unit, look: Lookup): Quantity => {
  const [z, centre, deviation] = [ids.z(layer, unit), ids.layerMean(), ids.layerDeviation()];
  return {
    id: ids.normal(layer, unit),
    value: pass.normalised!.values[unit]!,
    title: `Normalised sum of unit ${unit + 1}, layer ${layer}`,
    symbol: symbols.normal(layer, unit),
    equation: {
      symbols: row(
        symbols.normal(layer, unit),
        '=',
        fraction(row(symbols.z(layer, unit), '−', mu), sigma),
      ),
      numbers: row(
        '=',
        fraction(row(number(look, z), '−', number(look, centre)), number(look, deviation)),
      ),
    },
    reason: 'The sums of this layer are shifted and scaled together, to mean 0 and deviation 1.',
    sources: [z, centre, deviation],
    recompute: (value) => (value(z) - value(centre)) / value(deviation),
  };
};

/** μ or σ of the sums of the layer. */
export const layerScaleQuantity = (
  pass: LessonPass,
  kind: 'mean' | 'deviation',
  look: Lookup,
): Quantity => {
  const { layer, values, ...scale } = pass.normalised!;
  const sums = Array.from(values, (_, unit) => ids.z(layer, unit));
  const count = sums.length;
  if (kind === 'mean') {
    return {
      id: ids.layerMean(),
      value: scale.mean,
      title: `Mean of the sums of layer ${layer}`,
      symbol: mu,
      equation: {
        symbols: row(mu, '=', mean(shortSum(sums.map((_, k) => symbols.z(layer, k))), count)),
        numbers: row('=', mean(shortSum(sums.map((id) => number(look, id))), count)),
      },
      reason: 'The mean over the units of this layer, for this sample alone.',
      sources: sums,
      recompute: (value) => sums.reduce((sum, id) => sum + value(id), 0) / count,
    };
  }
  const centre = ids.layerMean();
  const spread = (z: Formula, by: Formula): Formula => squared(row(z, '−', by));
  return {
    id: ids.layerDeviation(),
    value: scale.deviation,
    title: `Deviation of the sums of layer ${layer}`,
    symbol: sigma,
    equation: {
      symbols: row(
        sigma,
        '=',
        root(
          row(
            mean(shortSum(sums.map((_, k) => spread(symbols.z(layer, k), mu))), count),
            '+',
            constant(floor),
          ),
        ),
      ),
      numbers: row(
        '=',
        root(
          row(
            mean(shortSum(sums.map((id) => spread(number(look, id), number(look, centre)))), count),
            '+',
            constant(floor),
          ),
        ),
      ),
    },
    reason: `The deviation over the units of this layer; ${floor} keeps it above 0.`,
    sources: [...sums, centre],
    recompute: (value) =>
      Math.sqrt(
        sums.reduce((sum, id) => sum + (value(id) - value(centre)) ** 2, 0) / count + floor,
      ),
  };
};

/** ∂J/∂n = ∂J/∂h · f′(n). */
export const normalDeltaQuantity = (
  pass: LessonPass,
  { layer, unit }: Unit,
  look: Lookup,
): Quantity => {
  const [byH, slope] = [ids.costByH(layer, unit), ids.slope(layer, unit)];
  const symbol = symbols.costBy(symbols.normal(layer, unit));
  return {
    id: ids.normalDelta(layer, unit),
    value: pass.normalised!.deltas[unit]!,
    title: `How J depends on the normalised sum of unit ${unit + 1}`,
    symbol,
    equation: {
      symbols: row(
        symbol,
        '=',
        symbols.costBy(symbols.h(layer, unit)),
        '·',
        symbols.by(symbols.h(layer, unit), symbols.normal(layer, unit)),
      ),
      numbers: row('=', productOf(look(byH), look(slope))),
    },
    reason: 'The chain rule, from h to what the activation was applied to.',
    sources: [byH, slope],
    recompute: (value) => value(byH) * value(slope),
  };
};

/** The means over the layer that its deltas depend on: of ∂J/∂n, and of ∂J/∂n · n. */
export const meanDeltaQuantity = (
  { normalised }: LessonPass,
  kind: 'delta' | 'product',
  look: Lookup,
): Quantity => {
  const { layer, values } = normalised!;
  const count = values.length;
  const pairs = Array.from(values, (_, unit) => ({
    g: ids.normalDelta(layer, unit),
    n: ids.normal(layer, unit),
  }));
  const isProduct = kind === 'product';
  const recompute = (value: (id: string) => number): number =>
    pairs.reduce((sum, { g, n }) => sum + value(g) * (isProduct ? value(n) : 1), 0) / count;
  const symbol = isProduct ? row(indexed('m', 'gn')) : row(indexed('m', 'g'));
  const terms = pairs.map(({ g, n }) =>
    isProduct ? productOf(look(g), look(n)) : number(look, g),
  );
  const letters = pairs.map((_, k) => {
    const g = symbols.costBy(symbols.normal(layer, k));
    return isProduct ? row(g, symbols.normal(layer, k)) : g;
  });
  return {
    id: isProduct ? ids.meanProduct() : ids.meanDelta(),
    value: recompute((id) => look(id).value),
    title: isProduct
      ? `Mean of ∂J/∂n times n over layer ${layer}`
      : `Mean of ∂J/∂n over layer ${layer}`,
    symbol,
    equation: {
      symbols: row(symbol, '=', mean(shortSum(letters), count)),
      numbers: row('=', mean(shortSum(terms), count)),
    },
    reason: 'Each z moves the mean and the deviation of the whole layer, and so all of its n.',
    sources: pairs.flatMap(({ g, n }) => (isProduct ? [g, n] : [g])),
    recompute,
  };
};

/** δ of a normalised unit: (∂J/∂n − m_g − n m_gn) / σ. */
export const throughNormal = (
  { layer, unit }: Unit,
  look: Lookup,
): Pick<Quantity, 'equation' | 'reason' | 'sources' | 'recompute'> => {
  const [g, n] = [ids.normalDelta(layer, unit), ids.normal(layer, unit)];
  const [centre, slope] = [ids.meanDelta(), ids.meanProduct()];
  const deviation = ids.layerDeviation();
  return {
    equation: {
      symbols: row(
        symbols.delta(layer, unit),
        '=',
        fraction(
          row(
            symbols.costBy(symbols.normal(layer, unit)),
            '−',
            indexed('m', 'g'),
            '−',
            symbols.normal(layer, unit),
            indexed('m', 'gn'),
          ),
          sigma,
        ),
      ),
      numbers: row(
        '=',
        fraction(
          row(number(look, g), '−', number(look, centre), '−', productOf(look(n), look(slope))),
          number(look, deviation),
        ),
      ),
    },
    reason:
      'One z moves all n of the layer, since it moves their mean and deviation. What all of them ' +
      'would change alike has no effect and is taken out.',
    sources: [g, centre, n, slope, deviation],
    recompute: (value) => (value(g) - value(centre) - value(n) * value(slope)) / value(deviation),
  };
};
