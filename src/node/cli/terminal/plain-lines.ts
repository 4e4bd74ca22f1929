import type { CostFrame, EventEntry } from '../../../client/index.ts';
import { jsonLine, printable } from './printable.ts';
import type { Watched } from './watched.ts';
import { count, figure, stateText, totalOf } from './words.ts';

/** The present state as one line, for a log or a pipe. */
export const plainLine = (watched: Watched): string => {
  const { state, cost, metrics } = watched;
  if (!cost) return stateText(state);
  const [name, value] = Object.entries(metrics?.metrics ?? {})[0] ?? [];
  const baseline = name === undefined ? undefined : metrics?.baseline[name];
  const score = name && `${printable(name)} ${figure(value)} (no change ${figure(baseline)})`;
  const rate = metrics && `${count(metrics.samplesPerSecond)}/s`;
  const total = `J_total ${figure(totalOf(watched))}`;
  const recent = `recent ${figure(cost.windowed.mean)}`;
  return [`step ${count(cost.step)}`, total, recent, score, rate].filter(Boolean).join('  ');
};

/** Something that happened, as one line. */
export const eventLine = ({ kind, step, message }: EventEntry): string =>
  `${printable(kind)} at step ${count(step)}: ${printable(message)}`;

/** A cost message as one line of JSON with its line break, with J_total beside the sums it comes from. */
export const costJson = ({
  step,
  at,
  n,
  sum,
  sumSquares,
  windowed,
  nonFinite,
}: CostFrame): string =>
  jsonLine({
    step,
    at,
    totalCost: n > 0 ? sum / n : null,
    n,
    sum,
    sumSquares,
    windowed,
    nonFinite,
  });
