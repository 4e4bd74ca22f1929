import ansis from 'ansis';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import type { Rejection } from '../../../stream/rejection.ts';
import type { TrainingModel } from '../../training/training-model.ts';
import { count, figure, percent } from '../terminal/figures.ts';
import { oneLine } from '../terminal/misuse.ts';
import { jsonLine } from '../terminal/printable.ts';
import { classLines } from './class-figures.ts';
import { type Duration, outcomeOf, type RunOutcome } from './outcome.ts';

/** What a training came to, for people; or with `json` as one line for programs. */
export const report = (
  training: TrainingModel,
  snapshot: Snapshot,
  { json, ...duration }: Duration & { json: boolean },
): string => {
  const { task, inputCount, outputCount } = training.shape!;
  const outcome = outcomeOf(training, snapshot, duration);
  if (json) return jsonLine(outcome);
  const title = `${ansis.bold(oneLine(training.source.name))} ${ansis.dim('·')} ${task}`;
  const size = `${inputCount} inputs, ${outputCount} outputs`;
  const lines = rows(outcome, snapshot).map(
    ([name, value, note]) => `  ${ansis.dim(name.padEnd(10))} ${ansis.bold(value)}${noted(note)}`,
  );
  return `${title} ${ansis.dim(`· ${size}`)}\n\n${lines.join('\n')}\n${rejected(outcome, training)}${classes(outcome)}\n`;
};

const classes = ({ classes: all, confusion }: RunOutcome): string => {
  if (all === undefined || all.length === 0) return '';
  const lines = classLines({ classes: all, ...(confusion && { confusion }) });
  return `\n  ${ansis.bold('classes')}\n${lines.join('\n')}\n`;
};

type Row = readonly [name: string, value: string, note?: string];

const rows = (outcome: RunOutcome, { cost }: Snapshot): Row[] => [
  ['learned', count(outcome.samples), outcome.samples === 1 ? 'sample' : 'samples'],
  measure(outcome),
  [
    'cost J',
    figure(outcome.cost),
    `the last ${count(cost.windowed.count)}: ${figure(cost.windowed.mean)}`,
  ],
  ['speed', count(outcome.samplesPerSecond), 'samples/s'],
  ...leftOut(outcome),
];

const leftOut = ({ dropped }: RunOutcome): Row[] =>
  dropped > 0 ? [['left out', count(dropped), 'more came than could be learned']] : [];

const measure = ({ accuracy, mae, noChange }: RunOutcome): Row => {
  const asLast = (shown: (value: number) => string): string =>
    noChange === null ? '' : `"as last time" has ${shown(noChange)}`;
  if (accuracy !== undefined) return ['accuracy', percent(accuracy), asLast(percent)];
  return ['mae', mae === undefined ? '–' : figure(mae), asLast(figure)];
};

const noted = (note: string | undefined): string => (note ? ` ${ansis.dim(note)}` : '');

const rejected = ({ rejected: all }: RunOutcome, { rejections }: TrainingModel): string => {
  if (all === 0) return '';
  const { first } = rejections;
  const more = all > first.length ? [ansis.dim(`    … and ${count(all - first.length)} more`)] : [];
  const title = `  ${ansis.dim('rejected')}   ${ansis.yellow.bold(count(all))}`;
  return `${[title, ...first.map(reason), ...more].join('\n')}\n`;
};

const reason = ({ reason: why, id }: Rejection): string =>
  ansis.dim(`    ${oneLine(id === undefined ? why : `${id}: ${why}`)}`);
