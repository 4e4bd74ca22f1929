import { type Formula, indexed, numberOf } from './formula.ts';
import type { LessonPass } from './lesson-pass.ts';
import { lossWordsOf } from './loss-words.ts';
import { ids } from './names.ts';
import type { Quantity } from './quantity.ts';

/** Which sum has a rest: a z, a ∂J/∂h, the cost, or the powers of a softmax. */
export type RestKind = 'z' | 'h' | 'J' | 'powers';

interface RestOf {
  readonly kind: RestKind;
  readonly layer: number;
  readonly unit: number;
}

/** The layer whose units the rest is of. */
const sourceLayer = ({ kind, layer }: RestOf): number => {
  if (kind === 'z') return layer - 1;
  return kind === 'h' ? layer + 1 : layer;
};

/** How many units of that layer are left out of a part of a network. */
const leftOut = ({ part, model }: LessonPass, layer: number): number =>
  part ? part.sizes[layer - 1]! - model.sizes[layer - 1]! : 0;

/** The rest of a sum, as one more term of it: none where no unit is left out. */
export const restTerms = (
  pass: LessonPass,
  rest: RestOf,
): { readonly ids: readonly string[]; readonly symbols: Formula[]; numbers(): Formula[] } => {
  if (leftOut(pass, sourceLayer(rest)) === 0) return { ids: [], symbols: [], numbers: () => [] };
  const id = ids.rest(rest.kind, rest.layer, rest.unit);
  return {
    ids: [id],
    symbols: [indexed('R', rest.kind === 'powers' ? 'e' : rest.kind)],
    numbers: () => [numberOf(restOf(pass, rest), id)],
  };
};

const restOf = (pass: LessonPass, { kind, layer, unit }: RestOf): number => {
  const { h, z, y, cost, before, deltas, model, part } = pass;
  if (kind === 'z') {
    const inputs = h[layer - 2]!;
    const { weights, biases } = before[layer - 2]!;
    const row = weights.subarray(unit * inputs.length, (unit + 1) * inputs.length);
    return inputs.reduce(
      (left, input, from) => left - row[from]! * input,
      z[layer - 2]![unit]! - biases[unit]!,
    );
  }
  if (kind === 'h') {
    const count = h[layer - 1]!.length;
    const { weights } = before[layer - 1]!;
    return deltas[layer - 1]!.reduce(
      (left, delta, to) => left - weights[to * count + unit]! * delta,
      part!.costByH[layer - 2]![unit]!,
    );
  }
  if (kind === 'J') {
    const { value } = lossWordsOf(model);
    return h.at(-1)!.reduce((left, output, k) => left - value(output, y[k]!), cost);
  }
  const [sums, outputs] = [z.at(-1)!, h.at(-1)!];
  const largest = outputs.reduce((best, value, k) => (value > outputs[best]! ? k : best), 0);
  const total = Math.exp(sums[largest]!) / outputs[largest]!;
  return sums.reduce((left, sum) => left - Math.exp(sum), total);
};

/** What the units that are left out add to a sum. */
export const restQuantity = (pass: LessonPass, rest: RestOf): Quantity => {
  const source = sourceLayer(rest);
  const count = leftOut(pass, source).toLocaleString('en');
  return {
    id: ids.rest(rest.kind, rest.layer, rest.unit),
    value: restOf(pass, rest),
    title: `What the other ${count} units of layer ${source} add`,
    symbol: indexed('R', rest.kind === 'powers' ? 'e' : rest.kind),
    reason: `Given: this view leaves out ${count} units of layer ${source}. This is what they add, together.`,
    sources: [],
  };
};
