import type { NamedPrediction } from '../../../learn/named-prediction.ts';
import { jsonLine } from '../terminal/printable.ts';

/** The formats of predictions. */
export const predictionFormats = ['csv', 'ndjson'] as const;

/** One of {@link predictionFormats}. */
export type PredictionFormat = (typeof predictionFormats)[number];

/** The format that a file's name says; without a name CSV. */
export const formatOf = (path: string | undefined): PredictionFormat =>
  /\.(ndjson|jsonl|json)$/i.test(path ?? '') ? 'ndjson' : 'csv';

/** What is written of one row of the input. */
export interface PredictionRow {
  /** Its number among all rows, from 1. */
  readonly row: number;
  /** Its name, where it has one. */
  readonly id?: string;
  /** What was true, where the output has it. */
  readonly target?: number | string;
  readonly prediction?: NamedPrediction;
  readonly contributions?: Readonly<Record<string, number>>;
  /** Why there is no prediction. */
  readonly error?: string;
}

/** What an output has beside the number of the row, the prediction and the error. */
export interface PredictionColumns {
  /** The classes, each with a column for its probability; `likeliest`: one column for that of the prediction. */
  readonly classes?: readonly string[] | 'likeliest';
  /** Whether there are columns for the bounds of an interval. */
  readonly hasInterval?: boolean;
  readonly hasId?: boolean;
  readonly hasTarget?: boolean;
  /** The names that contributions have. */
  readonly contributions?: readonly string[];
}

/** A row as one line of JSON. */
export const ndjsonOf = (written: PredictionRow): string => {
  const { row, id, target, prediction, contributions, error } = written;
  return jsonLine({ row, id, target, ...plain(prediction), contributions, error });
};

const plain = (prediction: NamedPrediction | undefined): object => {
  if (prediction === undefined) return {};
  if ('probabilities' in prediction) {
    return { prediction: prediction.label ?? null, probabilities: prediction.probabilities };
  }
  const { value, interval } = prediction;
  return { prediction: value, ...(interval && { interval: [interval.low, interval.high] }) };
};

/** The first line of a CSV with these columns. */
export const csvHeader = ({
  classes = [],
  hasInterval,
  hasId,
  hasTarget,
  contributions = [],
}: PredictionColumns): string =>
  csvLine([
    'row',
    ...(hasId ? ['id'] : []),
    ...(hasTarget ? ['target'] : []),
    'prediction',
    ...(classes === 'likeliest' ? ['probability'] : classes.map((name) => `probability_${name}`)),
    ...(hasInterval ? ['low', 'high'] : []),
    ...contributions.map((name) => `contribution_${name}`),
    'error',
  ]);

/** A row as a line of a CSV with these columns. */
export const csvOf = (
  { row, id, target, prediction, contributions, error }: PredictionRow,
  columns: PredictionColumns,
): string =>
  csvLine([
    row,
    ...(columns.hasId ? [id] : []),
    ...(columns.hasTarget ? [target] : []),
    ...valuesOf(prediction, columns),
    ...(columns.contributions ?? []).map((name) => contributions?.[name]),
    error,
  ]);

const valuesOf = (
  prediction: NamedPrediction | undefined,
  { classes = [], hasInterval }: PredictionColumns,
): readonly Cell[] => {
  const probabilities =
    prediction !== undefined && 'probabilities' in prediction ? prediction.probabilities : {};
  const number = prediction !== undefined && 'value' in prediction ? prediction : undefined;
  const label = prediction !== undefined && 'label' in prediction ? prediction.label : undefined;
  const named = classes === 'likeliest' ? [label ?? ''] : classes;
  const bounds = hasInterval ? [number?.interval?.low, number?.interval?.high] : [];
  return [label ?? number?.value, ...named.map((name) => probabilities[name]), ...bounds];
};

type Cell = number | string | null | undefined;

const csvLine = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\n`;

const csvCell = (cell: Cell): string => {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = cell ?? '';
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
