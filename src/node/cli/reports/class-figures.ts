import ansis from 'ansis';
import { count, figure } from '../terminal/figures.ts';
import { printable } from '../terminal/printable.ts';

/** How well one class is distinguished from the others. Each row was predicted before it was learned. */
export interface ClassFigures {
  readonly name: string;
  /** Samples of the class. */
  readonly samples: number;
  /** How often it was predicted. */
  readonly predicted: number;
  /** The share of its samples that were predicted as it; null where there are none. */
  readonly recall: number | null;
  /** The share of its predictions that were right; null where there are none. */
  readonly precision: number | null;
  /** The harmonic mean of both; null where the class was never there and never predicted. */
  readonly f1: number | null;
}

/** What was predicted (columns) where each class was true (rows). */
export interface Confusion {
  readonly classes: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** The figures of each class, and the table that they come from. */
export interface ClassOutcome {
  readonly classes: readonly ClassFigures[];
  /** Absent where there are more than 100 classes. */
  readonly confusion?: Confusion;
}

/** Classes of a confusion matrix that is printed as JSON, at most. */
const confusionMax = 100;

/**
 * The figures of classes from a confusion matrix. It may have a column more than classes: samples that came
 * before any class was known, which were predicted as none.
 */
export const classOutcome = (
  names: readonly string[],
  table: readonly (readonly number[])[],
): ClassOutcome => {
  const known = names.slice(0, table.length);
  const classes = known.map((name, k) => figuresOf(name, table, k));
  if (known.length > confusionMax) return { classes };
  const counts = table.map((row) => row.slice(0, known.length));
  return { classes, confusion: { classes: known, counts } };
};

const figuresOf = (
  name: string,
  table: readonly (readonly number[])[],
  k: number,
): ClassFigures => {
  const right = table[k]![k]!;
  const samples = sum(table[k]!);
  const predicted = sum(table.map((row) => row[k]!));
  return {
    ...{ name, samples, predicted },
    recall: share(right, samples),
    precision: share(right, predicted),
    f1: share(2 * right, samples + predicted),
  };
};

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const share = (part: number, all: number): number | null => (all === 0 ? null : part / all);

/** Classes that people are shown, the most frequent first; and of a confusion matrix. */
const [shownMax, matrixMax] = [12, 8];

const nameWidth = 18;
const cellWidth = 11;

/** The figures as lines for people. */
export const classLines = ({ classes, confusion }: ClassOutcome): string[] => {
  const row = (name: string, cells: readonly string[]): string =>
    `  ${nameOf(name)}${cells.map((cell) => cell.padStart(cellWidth)).join('')}`;
  const frequent = classes.toSorted((a, b) => b.samples - a.samples);
  const shown = frequent
    .slice(0, shownMax)
    .map(({ name, samples, predicted, recall, precision, f1 }) =>
      row(name, [count(samples), count(predicted), ...[recall, precision, f1].map(figureOrNone)]),
    );
  const more = classes.length - shown.length;
  return [
    ansis.dim(row('', ['samples', 'predicted', 'recall', 'precision', 'F1'])),
    ...shown,
    ...(more > 0 ? [ansis.dim(`  … and ${count(more)} more`)] : []),
    ...(confusion && classes.length <= matrixMax ? matrixLines(confusion, row) : []),
  ];
};

const matrixLines = (
  { classes, counts }: Confusion,
  row: (name: string, cells: readonly string[]) => string,
): string[] => [
  '',
  ansis.dim(
    row(
      'true \\ predicted',
      classes.map((name) => short(name, cellWidth - 1)),
    ),
  ),
  ...classes.map((name, k) => row(name, counts[k]!.map(count))),
];

const figureOrNone = (value: number | null): string => (value === null ? '–' : figure(value));

const nameOf = (name: string): string => short(name, nameWidth - 1).padEnd(nameWidth);

const short = (name: string, most: number): string => {
  const text = printable(name);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};
