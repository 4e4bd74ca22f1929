import { type Formula, indexed, numberOf, row } from './formula.ts';
import type { Lookup } from './forward.ts';
import type { LessonPass } from './lesson-pass.ts';
import { ids, symbols } from './names.ts';
import type { ParameterName } from './parameters.ts';
import type { Quantity } from './quantity.ts';
import { ruleOf } from './update-rules.ts';

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
