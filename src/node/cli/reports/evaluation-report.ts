import ansis from 'ansis';
import { Pool } from '../../../learn/pool/pool.ts';
import type { Trust } from '../../../learn/trust.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import type { Training } from '../../training/training.ts';
import { count, figure, percent } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';
import { shareBar, sparkline } from '../terminal/sparkline.ts';
import type { CostHistory, CostPoint, Drift } from './cost-history.ts';
import { outcomeOf, type RunOutcome } from './outcome.ts';
import { report } from './report.ts';

/** All that `rivulet evaluate --json` prints. */
export interface EvaluationOutcome extends RunOutcome {
  /** Each metric over everything, over the newest samples (`.windowed`) and fading (`.fading`). */
  readonly metrics: Readonly<Record<string, number>>;
  /** The same for "as last time". */
  readonly baseline: Readonly<Record<string, number>>;
  /** Whom a pool trusts in the end. */
  readonly experts?: readonly Trust[];
  readonly drifts: readonly Drift[];
  /** The mean cost, piece by piece. */
  readonly curve: readonly CostPoint[];
}

/** The outcome of an evaluation, in full. */
export const evaluationOutcome = (
  training: Training,
  last: Snapshot,
  { seconds, history }: { seconds: number; history: CostHistory },
): EvaluationOutcome => {
  const { learner } = training;
  const { metrics, baseline } = last;
  return {
    ...outcomeOf(training, last, { seconds }),
    metrics,
    baseline,
    ...(learner instanceof Pool && { experts: learner.experts() }),
    drifts: history.drifts,
    curve: history.points,
  };
};

/** The outcome for people: the short report, then measures, experts, drifts and the cost's curve. */
export const evaluationReport = (
  training: Training,
  last: Snapshot,
  { seconds, outcome }: { seconds: number; outcome: EvaluationOutcome },
): string =>
  [
    report(training, last, { seconds, json: false }).trimEnd(),
    section('measures', measures(outcome)),
    section('experts', experts(outcome.experts ?? [])),
    section('drifts', drifts(outcome.drifts)),
    section('cost', curve(outcome.curve)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`  ${ansis.bold(title)}`, ...lines].join('\n');

const columns = ['over all', 'newest', 'fading', 'as last time'];
const columnWidth = 13;

const measures = ({ metrics, baseline }: EvaluationOutcome): string[] => {
  const names = Object.keys(metrics).filter((name) => !name.includes('.'));
  const row = (name: string, cells: readonly string[]): string =>
    `  ${printable(name).padEnd(18)}${cells.map((cell) => cell.padStart(columnWidth)).join('')}`;
  const shown = (value: number | undefined): string => (value === undefined ? '–' : figure(value));
  return [
    ansis.dim(row('', columns)),
    ...names.map((name) =>
      row(
        name,
        [metrics[name], metrics[`${name}.windowed`], metrics[`${name}.fading`], baseline[name]].map(
          shown,
        ),
      ),
    ),
  ];
};

const experts = (trusts: readonly Trust[]): string[] =>
  trusts
    .toSorted((a, b) => b.weight - a.weight)
    .map(
      ({ name, weight }) =>
        `  ${printable(name).padEnd(18)}${shareBar(weight, 20)}  ${percent(weight)}`,
    );

/** How many drifts people are shown. */
const driftsShown = 8;

const drifts = (all: readonly Drift[]): string[] => {
  const shown = all.slice(0, driftsShown).map(({ message }) => `  ${printable(message)}`);
  const more = all.length - shown.length;
  return more > 0 ? [...shown, ansis.dim(`  … and ${count(more)} more`)] : shown;
};

const curveWidth = 60;

const curve = (points: readonly CostPoint[]): string[] => {
  if (points.length < 2) return [];
  const step = Math.max(1, points.length / curveWidth);
  const width = Math.min(curveWidth, points.length);
  const costs = Array.from({ length: width }, (_, i) => points[Math.floor(i * step)]!.cost);
  const [first, final] = [points[0]!, points.at(-1)!];
  return [`  ${figure(first.cost)} ${sparkline(costs)} ${figure(final.cost)}`];
};
