import { constant, type Formula, fraction, indexed, numberOf, row } from './formula.ts';
import { type Lookup, shortSum } from './forward.ts';
import type { LessonPass } from './lesson-pass.ts';
import { ids, symbols } from './names.ts';
import { type ParameterName, usedGradientId } from './parameters.ts';
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
  share: 's',
};

/** A setting of the optimizer. */
export const optionQuantity = ({ model }: LessonPass, name: string): Quantity => {
  const { optimizer, rate = 1, weightDecay } = model;
  const isPenalty = name === 'weightDecay' && !('weightDecay' in optimizer.options);
  const value = isPenalty ? weightDecay! : Number(optimizer.options[name]);
  const isScheduled = name === 'learningRate' && rate !== 1;
  return {
    id: ids.option(name),
    value: isScheduled ? value * rate : value,
    title: isPenalty ? 'The penalty on weights' : `${name} of the optimizer ${optimizer.name}`,
    symbol: row(optionSymbols[name] ?? name),
    reason: isScheduled
      ? `Given: ${value}, a setting of the optimizer, times ${rate} by the schedule.`
      : `Given: a setting of the ${isPenalty ? 'network' : `optimizer ${optimizer.name}`}.`,
    sources: [],
  };
};

/** A setting as one parameter has it. */
const optionId = (name: ParameterName, option: string): string => {
  if (option === 't') return ids.age(name.id);
  return option === 'share' ? ids.share(name.id) : ids.option(option);
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
  const gradient = usedGradientId(pass, name);
  const at = (id: string): Formula => numberOf(look(id).value, id);
  const values = pass.optimizerAfter[state] as Float64Array;
  const ofOption = (option: string): string => optionId(name, option);
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
        rule.formula(at(old), at(gradient), (option) => at(ofOption(option))),
      ),
    },
    reason: `The optimizer keeps a ${rule.title} for each parameter.`,
    sources: [old, gradient, ...rule.options.map(ofOption)],
    recompute: (value) =>
      rule.value(value(old), value(gradient), (option) => value(ofOption(option))),
  };
};

/** A parameter after the update. */
export const updateQuantity = (pass: LessonPass, name: ParameterName, look: Lookup): Quantity =>
  pass.cap ? cappedUpdate(name, look) : fullUpdate(pass, { name, id: name.newId }, look);

/** A parameter after the whole step, of which a network may take only a part. */
export const fullUpdateQuantity = (pass: LessonPass, name: ParameterName, look: Lookup): Quantity =>
  fullUpdate(pass, { name, id: ids.full(name.id) }, look);

const fullUpdate = (
  pass: LessonPass,
  { name, id }: { name: ParameterName; id: string },
  look: Lookup,
): Quantity => {
  const rule = ruleOf(pass);
  const at = (source: string): Formula => numberOf(look(source).value, source);
  const states = Object.keys(rule.states);
  const gradient = usedGradientId(pass, name);
  const ofOption = (option: string): string => optionId(name, option);
  const recompute = (value: (source: string) => number): number =>
    rule.value({
      w: value(name.id),
      g: value(gradient),
      option: (option) => value(ofOption(option)),
      state: (state) => value(newState(state, name.id)),
    });
  const isWhole = id === name.newId;
  return {
    id,
    value: isWhole ? name.after : recompute((source) => look(source).value),
    title: `The ${name.words}, after ${isWhole ? 'the update' : 'the whole step'}`,
    symbol: indexed(name.symbol, undefined, row(isWhole ? '′' : '*')),
    equation: {
      symbols: row(
        isWhole ? name.symbol : indexed(name.symbol, undefined, row('*')),
        isWhole ? '←' : '=',
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
          g: at(gradient),
          option: (option) => at(ofOption(option)),
          state: (state) => at(newState(state, name.id)),
        }),
      ),
    },
    reason: rule.reason,
    sources: [
      name.id,
      gradient,
      ...rule.options.map(ofOption),
      ...states.map((state) => newState(state, name.id)),
    ],
    recompute,
  };
};

/** w ← w + p (w* − w): the network takes the fraction p of the step. */
const cappedUpdate = (name: ParameterName, look: Lookup): Quantity => {
  const [fractionId, full] = [ids.fraction(), ids.full(name.id)];
  const at = (source: string): Formula => numberOf(look(source).value, source);
  const build = (w: Formula, p: Formula, whole: Formula): Formula =>
    row(w, '+', p, '·', '(', whole, '−', w, ')');
  return {
    id: name.newId,
    value: name.after,
    title: `The ${name.words}, after the update`,
    symbol: indexed(name.symbol, undefined, row('′')),
    equation: {
      symbols: row(
        name.symbol,
        '←',
        build(name.symbol, row('p'), indexed(name.symbol, undefined, row('*'))),
      ),
      numbers: row('=', build(at(name.id), at(fractionId), at(full))),
    },
    reason: 'The fraction p of the step is taken, so that one sample moves the output only so far.',
    sources: [name.id, fractionId, full],
    recompute: (value) => value(name.id) + value(fractionId) * (value(full) - value(name.id)),
  };
};

/** p, the fraction of the step that is taken: min(1, c Σ|δ| / change). */
export const fractionQuantity = (pass: LessonPass, look: Lookup): Quantity => {
  const [delta, change] = [ids.outputDelta(), ids.costChange()];
  const most = pass.model.outputChangeCap!;
  const at = (source: string): Formula => numberOf(look(source).value, source);
  const build = (top: Formula, bottom: Formula): Formula =>
    row('min', '(', constant(1), ',', fraction(row(constant(most), '·', top), bottom), ')');
  return {
    id: ids.fraction(),
    value: pass.cap!.fraction,
    title: 'The fraction of the step that is taken',
    symbol: row('p'),
    equation: {
      symbols: row('p', '=', build(row('D'), row('C'))),
      numbers: row('=', build(at(delta), at(change))),
    },
    reason: `This network limits how far one sample moves its output: to ${most} times the sum of the output deltas.`,
    sources: [delta, change],
    recompute: (value) =>
      value(change) <= most * value(delta) ? 1 : (most * value(delta)) / value(change),
  };
};

/** D = Σ|δ| over the outputs. */
export const outputDeltaQuantity = (pass: LessonPass, look: Lookup): Quantity => {
  const layer = pass.model.sizes.length;
  const deltas = Array.from(pass.deltas.at(-1)!, (_, unit) => ids.delta(layer, unit));
  const size = (part: Formula): Formula => row('|', part, '|');
  return {
    id: ids.outputDelta(),
    value: pass.cap!.outputDelta,
    title: 'The sum of the output deltas, without their signs',
    symbol: row('D'),
    equation: {
      symbols: row('D', '=', shortSum(deltas.map((_, unit) => size(symbols.delta(layer, unit))))),
      numbers: row('=', shortSum(deltas.map((id) => size(numberOf(look(id).value, id))))),
    },
    reason: 'How far the outputs are from their targets, together.',
    sources: deltas,
    recompute: (value) => deltas.reduce((sum, id) => sum + Math.abs(value(id)), 0),
  };
};

/** C: how far the whole step would lower J. */
export const costChangeQuantity = ({ cap }: LessonPass): Quantity => ({
  id: ids.costChange(),
  value: cap!.change,
  title: 'How far the whole step would lower J, by its slope',
  symbol: row('C'),
  reason:
    'Given: each gradient times how far its parameter would move, summed over all parameters of the ' +
    'network.',
  sources: [],
});
