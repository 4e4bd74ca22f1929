import { constant, fraction, indexed, joined, numberOf, row } from './formula.ts';
import { type Lookup, shortSum } from './forward.ts';
import type { LessonPass } from './lesson-pass.ts';
import { lossWordsOf } from './loss-words.ts';
import { ids, symbols } from './names.ts';
import type { Quantity } from './quantity.ts';
import { restTerms } from './rest.ts';

const half = fraction(constant(1), constant(2));

/** J of the sample: the sum over its outputs. */
export const costQuantity = (pass: LessonPass, look: Lookup): Quantity => {
  const layer = pass.model.sizes.length;
  const units = pass.y.map((_, unit) => ids.unitCost(unit));
  const { name, formula } = lossWordsOf(pass.model);
  const rest = restTerms(pass, { kind: 'J', layer, unit: 0 });
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
      numbers: row('=', joined([shortSum(shown), ...rest.numbers()], '+')),
    },
    reason: `The cost is ${name}, summed over the outputs: the smaller, the better the prediction.`,
    sources: [...units, ...rest.ids],
    terms: units.map((id) => ({ factors: [id] })),
    recompute: (value) => [...units, ...rest.ids].reduce((sum, id) => sum + value(id), 0),
  };
};

/** The part of J that one output adds. */
export const unitCostQuantity = (pass: LessonPass, unit: number, look: Lookup): Quantity => {
  const layer = pass.model.sizes.length;
  const words = lossWordsOf(pass.model);
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
