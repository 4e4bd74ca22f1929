import { type Formula, indexed, joined, numberOf, row } from './formula.ts';
import { activationWords, type Lookup, productOf, seenBy, shortSum } from './forward.ts';
import type { LessonPass } from './lesson-pass.ts';
import { lossWordsOf } from './loss-words.ts';
import { ids, symbols } from './names.ts';
import { throughNormal } from './normal.ts';
import type { Quantity } from './quantity.ts';
import { restTerms } from './rest.ts';

/** A unit of a layer. */
interface Unit {
  readonly layer: number;
  readonly unit: number;
}

/** Whether loss and output activation cancel, so that δ = h − y. */
export const isFused = ({ model }: LessonPass): boolean => {
  const output = model.activations.at(-1);
  return (
    (model.loss === 'crossEntropy' && output === 'softmax') ||
    (model.loss === 'binaryCrossEntropy' && output === 'sigmoid')
  );
};

/** f′(z) of a unit. */
export const slopeQuantity = (pass: LessonPass, { layer, unit }: Unit, look: Lookup): Quantity => {
  const words = activationWords[pass.model.activations[layer - 2]!]!;
  const { id: z, symbol: zSymbol } = seenBy(pass, { layer, unit });
  const h = ids.h(layer, unit);
  const at = (id: string): Formula => numberOf(look(id).value, id);
  return {
    id: ids.slope(layer, unit),
    value: words.slope(look(z).value, look(h).value),
    title: `Slope of the activation of unit ${unit + 1}, layer ${layer}`,
    symbol: symbols.by(symbols.h(layer, unit), zSymbol),
    equation: {
      symbols: row(
        symbols.by(symbols.h(layer, unit), zSymbol),
        '=',
        indexed('f', undefined, '′'),
        '(',
        zSymbol,
        ')',
        '=',
        words.slopeFormula(zSymbol, symbols.h(layer, unit)),
      ),
      numbers: row('=', words.slopeFormula(at(z), at(h))),
    },
    reason: 'How much h changes if what f is applied to changes a little.',
    sources: [z, h],
    recompute: (value) => words.slope(value(z), value(h)),
  };
};

/** ∂J/∂h: of an output from the loss, of a hidden unit from the deltas after it. */
export const costByHQuantity = (
  pass: LessonPass,
  { layer, unit }: Unit,
  look: Lookup,
): Quantity => {
  const symbol = symbols.costBy(symbols.h(layer, unit));
  const base = {
    id: ids.costByH(layer, unit),
    title: `How J depends on the output of unit ${unit + 1}, layer ${layer}`,
    symbol,
  };
  if (layer === pass.model.sizes.length) {
    const words = lossWordsOf(pass.model);
    const [h, y] = [ids.h(layer, unit), ids.y(unit)];
    return {
      ...base,
      value: words.slope(look(h).value, look(y).value),
      equation: {
        symbols: row(symbol, '=', words.slopeFormula(symbols.h(layer, unit), symbols.y(unit))),
        numbers: row(
          '=',
          words.slopeFormula(numberOf(look(h).value, h), numberOf(look(y).value, y)),
        ),
      },
      reason: `The derivative of ${words.name}: it points from the target to the prediction.`,
      sources: [h, y],
      recompute: (value) => words.slope(value(h), value(y)),
    };
  }
  const terms = Array.from(pass.deltas[layer - 1]!, (_, to) => ({
    w: ids.weight(layer, to, unit),
    delta: ids.delta(layer + 1, to),
  }));
  const rest = restTerms(pass, { kind: 'h', layer, unit });
  const recompute = (value: (id: string) => number): number =>
    terms.reduce(
      (sum, { w, delta }) => sum + value(w) * value(delta),
      rest.ids.reduce((sum, id) => sum + value(id), 0),
    );
  return {
    ...base,
    value: recompute((id) => look(id).value),
    equation: {
      symbols: row(
        symbol,
        '=',
        joined(
          [
            shortSum(
              terms.map((_, to) =>
                row(symbols.weight(layer, to, unit), symbols.delta(layer + 1, to)),
              ),
            ),
            ...rest.symbols,
          ],
          '+',
        ),
      ),
      numbers: row(
        '=',
        joined(
          [
            shortSum(terms.map(({ w, delta }) => productOf(look(w), look(delta)))),
            ...rest.numbers(),
          ],
          '+',
        ),
      ),
    },
    reason:
      'This unit reaches J through every unit of the next layer, so its influence is a sum: each ' +
      'delta of the next layer, as far as the weight in between passes it on.',
    sources: [...terms.flatMap(({ w, delta }) => [w, delta]), ...rest.ids],
    terms: terms.map(({ w, delta }) => ({ factors: [w, delta] })),
    recompute,
  };
};

/** δ = ∂J/∂z. */
export const deltaQuantity = (pass: LessonPass, at: Unit, look: Lookup): Quantity => {
  const { layer, unit } = at;
  const isOutput = layer === pass.model.sizes.length;
  const base = {
    id: ids.delta(layer, unit),
    value: pass.deltas[layer - 2]![unit]!,
    title: `Delta of unit ${unit + 1}, layer ${layer}`,
    symbol: symbols.delta(layer, unit),
  };
  if (isOutput && isFused(pass)) return { ...base, ...fusedParts(at, look) };
  if (pass.normalised?.layer === layer) return { ...base, ...throughNormal(at, look) };
  if (pass.model.activations[layer - 2] === 'softmax') {
    return { ...base, ...softmaxParts(pass, at, look) };
  }
  const [byH, slope] = [ids.costByH(layer, unit), ids.slope(layer, unit)];
  return {
    ...base,
    equation: {
      symbols: row(
        base.symbol,
        '=',
        symbols.costBy(symbols.z(layer, unit)),
        '=',
        symbols.costBy(symbols.h(layer, unit)),
        '·',
        symbols.slope(layer, unit),
      ),
      numbers: row('=', productOf(look(byH), look(slope))),
    },
    reason:
      'How J changes if the sum z of this unit changes a little: the chain rule, one link on.',
    sources: [byH, slope],
    recompute: (value) => value(byH) * value(slope),
  };
};

type Parts = Pick<Quantity, 'equation' | 'reason' | 'sources' | 'recompute'>;

const fusedParts = ({ layer, unit }: Unit, look: Lookup): Parts => {
  const [h, y] = [ids.h(layer, unit), ids.y(unit)];
  return {
    equation: {
      symbols: row(symbols.delta(layer, unit), '=', symbols.h(layer, unit), '−', symbols.y(unit)),
      numbers: row('=', numberOf(look(h).value, h), '−', numberOf(look(y).value, y)),
    },
    reason:
      'For this loss with this activation the two derivatives multiply to the plain difference ' +
      'between prediction and target.',
    sources: [h, y],
    recompute: (value) => value(h) - value(y),
  };
};

const softmaxParts = (pass: LessonPass, { layer, unit }: Unit, look: Lookup): Parts => {
  const pairs = Array.from(pass.h[layer - 1]!, (_, index) => ({
    h: ids.h(layer, index),
    byH: ids.costByH(layer, index),
  }));
  const own = pairs[unit]!;
  const at = (id: string): Formula => numberOf(look(id).value, id);
  return {
    equation: {
      symbols: row(
        symbols.delta(layer, unit),
        '=',
        symbols.h(layer, unit),
        '(',
        symbols.costBy(symbols.h(layer, unit)),
        '−',
        indexed('∑', 'k'),
        symbols.costBy(indexed('h', 'k')),
        indexed('h', 'k'),
        ')',
      ),
      numbers: row(
        '=',
        at(own.h),
        '(',
        at(own.byH),
        '−',
        joined([shortSum(pairs.map(({ h, byH }) => productOf(look(byH), look(h))))], '+'),
        ')',
      ),
    },
    reason: 'All probabilities of a softmax change when one sum changes, so all of them count.',
    sources: pairs.flatMap(({ h, byH }) => [h, byH]),
    recompute: (value) =>
      value(own.h) *
      (value(own.byH) - pairs.reduce((sum, { h, byH }) => sum + value(byH) * value(h), 0)),
  };
};

/** ∂J/∂w: the chain rule of one weight. */
export const weightGradientQuantity = (
  pass: LessonPass,
  { layer, to, from }: { layer: number; to: number; from: number },
  look: Lookup,
): Quantity => {
  const symbol = symbols.costBy(symbols.weight(layer, to, from));
  const [h, z] = [symbols.h(layer + 1, to), symbols.z(layer + 1, to)];
  const [input, delta] = [ids.h(layer, from), ids.delta(layer + 1, to)];
  const base = {
    id: ids.weightGradient(layer, to, from),
    value: pass.gradients[layer - 1]!.weights[to * pass.model.sizes[layer - 1]! + from]!,
    title: `Gradient of the weight from unit ${from + 1} of layer ${layer} to unit ${to + 1}`,
    symbol,
  };
  const isSplit =
    pass.normalised?.layer !== layer + 1 &&
    pass.model.activations[layer - 1] !== 'softmax' &&
    !(layer + 1 === pass.model.sizes.length && isFused(pass));
  if (!isSplit) {
    return {
      ...base,
      equation: {
        symbols: row(symbol, '=', symbols.delta(layer + 1, to), '·', symbols.h(layer, from)),
        numbers: row('=', productOf(look(delta), look(input))),
      },
      reason: 'The delta of the unit it leads to, times the input that it passes on.',
      sources: [delta, input],
      recompute: (value) => value(delta) * value(input),
    };
  }
  const [byH, slope] = [ids.costByH(layer + 1, to), ids.slope(layer + 1, to)];
  return {
    ...base,
    equation: {
      symbols: row(
        symbol,
        '=',
        symbols.costBy(h),
        '·',
        symbols.by(h, z),
        '·',
        symbols.by(z, symbols.weight(layer, to, from)),
        '=',
        symbols.delta(layer + 1, to),
        '·',
        symbols.h(layer, from),
      ),
      numbers: row(
        '=',
        numberOf(look(byH).value, byH),
        '·',
        numberOf(look(slope).value, slope),
        '·',
        numberOf(look(input).value, input),
        '=',
        productOf(look(delta), look(input)),
      ),
    },
    reason:
      'The chain rule: how J depends on h, h on z, and z on this weight. The first two together ' +
      'are the delta; the last is the input that the weight multiplies.',
    sources: [byH, slope, input, delta],
    recompute: (value) => value(byH) * value(slope) * value(input),
  };
};

/** ∂J/∂b = δ: the bias is a weight whose input is always 1. */
export const biasGradientQuantity = (
  pass: LessonPass,
  { layer, to }: { layer: number; to: number },
  look: Lookup,
): Quantity => {
  const symbol = symbols.costBy(symbols.bias(layer, to));
  const delta = ids.delta(layer + 1, to);
  return {
    id: ids.biasGradient(layer, to),
    value: pass.gradients[layer - 1]!.biases[to]!,
    title: `Gradient of the bias of unit ${to + 1}, layer ${layer + 1}`,
    symbol,
    equation: {
      symbols: row(symbol, '=', symbols.delta(layer + 1, to)),
      numbers: row('=', numberOf(look(delta).value, delta)),
    },
    reason: 'A bias is a weight whose input is always 1, so its gradient is the delta itself.',
    sources: [delta],
    recompute: (value) => value(delta),
  };
};
