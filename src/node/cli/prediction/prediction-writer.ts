import {
  csvHeader,
  csvOf,
  ndjsonOf,
  type PredictionColumns,
  type PredictionFormat,
  type PredictionRow,
} from './prediction-rows.ts';

/** Rows without a prediction that wait for the first one, since that says which columns a CSV has. */
const waitingMax = 1_000;

/** Makes the text of predictions, row by row. */
export class PredictionWriter {
  readonly #format: PredictionFormat;
  readonly #columnsFor: (first: PredictionRow) => PredictionColumns;
  #columns: PredictionColumns | undefined;
  #waiting: PredictionRow[] = [];

  /** `columnsFor` says which columns a CSV has, from the first row that has a prediction. */
  constructor(format: PredictionFormat, columnsFor: (first: PredictionRow) => PredictionColumns) {
    this.#format = format;
    this.#columnsFor = columnsFor;
  }

  /** The text that can be written now. */
  add(row: PredictionRow): string {
    if (this.#format === 'ndjson') return ndjsonOf(row);
    if (this.#columns) return csvOf(row, this.#columns);
    this.#waiting.push(row);
    if (row.prediction === undefined && this.#waiting.length < waitingMax) return '';
    return this.#begin(row);
  }

  /** The text that is left at the end. */
  end(): string {
    if (this.#format === 'ndjson' || this.#columns) return '';
    return this.#begin(this.#waiting.at(-1) ?? { row: 0 });
  }

  #begin(first: PredictionRow): string {
    const columns = this.#columnsFor(first);
    this.#columns = columns;
    const rows = this.#waiting.splice(0).map((row) => csvOf(row, columns));
    return [csvHeader(columns), ...rows].join('');
  }
}
