import { constant, type Formula, fraction, indexed, numberOf, row } from './formula.ts';
import type { Lookup } from './forward.ts';
import type { LessonPass } from './lesson-pass.ts';
import { ids, symbols } from './names.ts';
import type { Quantity } from './quantity.ts';

/** Scores beyond this are cut off. */
const scoreMax = 5;
/** The same of a target. */
const targetMax = 8;

const limited = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** (x − mean) / deviation, and its limits where they matter. */
const scoreFormula = (
  [x, mean, deviation]: readonly [Formula, Formula, Formula],
  isLimited: boolean,
  most: number,
): Formula => {
  const score = fraction(row(x, '−', mean), deviation);
  if (!isLimited) return score;
  return row(
    'max',
    '(',
    '−',
    constant(most),
    ',',
    'min',
    '(',
    constant(most),
    ',',
    score,
    ')',
    ')',
  );
};

const mu = (unit: number): Formula => indexed('μ', constant(unit + 1));
const sigma = (unit: number): Formula => indexed('σ', constant(unit + 1));

/** h of layer 1: x itself, its z-score, or a recent target. */
export const inputQuantity = (pass: LessonPass, unit: number, look: Lookup): Quantity => {
  const { scale } = pass;
  const base = {
    id: ids.h(1, unit),
    value: pass.h[0]![unit]!,
    title: `Input ${unit + 1}`,
    symbol: symbols.h(1, unit),
    sources: [] as string[],
  };
  if (!scale) {
    const reason = `Given: input ${unit + 1} of this sample. The inputs are the h of layer 1.`;
    return { ...base, reason };
  }
  if (unit >= scale.means.length) {
    return { ...base, reason: 'Given: what the latest targets were. This net sees them, too.' };
  }
  if (scale.deviations[unit] === 0) {
    const reason =
      'Given: this input has had the same value in all samples so far, or none: its z-score is 0.';
    return { ...base, reason };
  }
  return { ...base, ...scoreParts(pass, unit, look) };
};

const scoreParts = (
  pass: LessonPass,
  unit: number,
  look: Lookup,
): Pick<Quantity, 'equation' | 'reason' | 'sources' | 'recompute'> => {
  const [mean, deviation] = [ids.inputMean(unit), ids.inputDeviation(unit)];
  const isMissing = Number.isNaN(pass.sample.x[unit] ?? Number.NaN);
  const x = isMissing ? mean : ids.given(unit);
  const number = (id: string): Formula => numberOf(look(id).value, id);
  const score = (value: (id: string) => number): number =>
    (value(x) - value(mean)) / value(deviation);
  const isLimited = Math.abs(score((id) => look(id).value)) > scoreMax;
  return {
    equation: {
      symbols: row(
        symbols.h(1, unit),
        '=',
        scoreFormula(
          [isMissing ? mu(unit) : symbols.given(unit), mu(unit), sigma(unit)],
          isLimited,
          scoreMax,
        ),
      ),
      numbers: row(
        '=',
        scoreFormula([number(x), number(mean), number(deviation)], isLimited, scoreMax),
      ),
    },
    reason: isMissing
      ? 'This input is missing in the sample. The model uses its mean so far, whose z-score is 0.'
      : 'The z-score: how far the input is from its mean so far, in deviations. So inputs of any ' +
        `unit count alike. At most ${scoreMax}.`,
    sources: [...new Set([x, mean, deviation])],
    recompute: (value) => limited(score(value), scoreMax),
  };
};

/** A number of the sample as it came. */
export const givenQuantity = (pass: LessonPass, unit: number): Quantity => ({
  id: ids.given(unit),
  value: pass.sample.x[unit]!,
  title: `Input ${unit + 1} as it came`,
  symbol: symbols.given(unit),
  reason: `Given: input ${unit + 1} of this sample, in its own unit.`,
  sources: [],
});

/** The mean or the deviation of an input. */
export const inputScaleQuantity = (
  { scale }: LessonPass,
  unit: number,
  kind: 'mean' | 'deviation',
): Quantity => {
  const isMean = kind === 'mean';
  return {
    id: isMean ? ids.inputMean(unit) : ids.inputDeviation(unit),
    value: scale![isMean ? 'means' : 'deviations'][unit]!,
    title: `${isMean ? 'Mean' : 'Standard deviation'} of input ${unit + 1}`,
    symbol: isMean ? mu(unit) : sigma(unit),
    reason: `Given: the ${isMean ? 'mean' : 'standard deviation'} of this input over the samples so far.`,
    sources: [],
  };
};

/** y: what should come out, as the network sees it. */
export const targetQuantity = (pass: LessonPass, unit: number, look: Lookup): Quantity => {
  const { target } = pass.model;
  const base = {
    id: ids.y(unit),
    value: pass.y[unit]!,
    title: `Target ${unit + 1}`,
    symbol: symbols.y(unit),
  };
  if (!target) {
    const reason = `Given: the target of output ${unit + 1} in this sample.`;
    return { ...base, reason, sources: [] };
  }
  const [t, mean, deviation] = [ids.givenTarget(unit), ids.targetMean(), ids.targetDeviation()];
  const score = (value: (id: string) => number): number =>
    (value(t) - value(mean)) / value(deviation);
  const isLimited = Math.abs(score((id) => look(id).value)) > targetMax;
  const number = (id: string): Formula => numberOf(look(id).value, id);
  return {
    ...base,
    equation: {
      symbols: row(
        base.symbol,
        '=',
        scoreFormula([row('t'), row('μ'), row('σ')], isLimited, targetMax),
      ),
      numbers: row(
        '=',
        scoreFormula([number(t), number(mean), number(deviation)], isLimited, targetMax),
      ),
    },
    reason: 'The network learns the target in deviations from its mean, whatever its unit is.',
    sources: [t, mean, deviation],
    recompute: (value) => limited(score(value), targetMax),
  };
};

/** The target as it came, or the mean or the deviation by which it is standardised. */
export const targetPartQuantity = (
  { sample, model: { target } }: LessonPass,
  kind: 'given' | 'mean' | 'deviation',
): Quantity => {
  const parts = {
    given: [
      ids.givenTarget(0),
      sample.y[0]!,
      'The target as it came',
      't',
      'the target of this sample, in its own unit',
    ],
    mean: [
      ids.targetMean(),
      target!.mean,
      'Mean of the target',
      'μ',
      'the mean of all targets so far',
    ],
    deviation: [
      ids.targetDeviation(),
      target!.deviation,
      'Standard deviation of the target',
      'σ',
      'the standard deviation of all targets so far',
    ],
  } as const;
  const [id, value, title, symbol, reason] = parts[kind];
  return { id, value, title, symbol: row(symbol), reason: `Given: ${reason}.`, sources: [] };
};

/** What a regression predicts, in the unit of the target. */
export const predictionQuantity = (pass: LessonPass, look: Lookup): Quantity => {
  const h = ids.h(pass.model.sizes.length, 0);
  const [mean, deviation] = [ids.targetMean(), ids.targetDeviation()];
  const number = (id: string): Formula => numberOf(look(id).value, id);
  const recompute = (value: (id: string) => number): number =>
    value(mean) + value(deviation) * limited(value(h), targetMax);
  return {
    id: ids.prediction(),
    value: recompute((id) => look(id).value),
    title: 'The prediction, in the unit of the target',
    symbol: indexed('h', undefined, row('(', 't', ')')),
    equation: {
      symbols: row('μ', '+', 'σ', '·', symbols.h(pass.model.sizes.length, 0)),
      numbers: row('=', number(mean), '+', number(deviation), '·', number(h)),
    },
    reason: 'The output of the network in deviations from the mean, turned back into the unit.',
    sources: [mean, deviation, h],
    recompute,
  };
};
