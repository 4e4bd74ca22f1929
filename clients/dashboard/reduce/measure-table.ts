import { measureKind } from './measures.ts';

type Measures = Readonly<Record<string, number | null>>;

/** Measures as a table: a measure a row, over which samples a column. */
export interface MeasureTable {
  /** What follows the dot in a name: '' for over everything. */
  readonly columns: readonly string[];
  readonly rows: readonly MeasureRow[];
}

/** One measure, over everything and over less. */
export interface MeasureRow {
  readonly name: string;
  /** In the order of the columns; null where there is no such number. */
  readonly values: readonly (number | null)[];
  /** The same measure of "as last time", over everything. */
  readonly baseline: number | null;
}

/** Puts `accuracy`, `accuracy.windowed`, … into one row. */
export function measureTable(metrics: Measures, baseline: Measures): MeasureTable {
  const names = Object.keys(metrics).map((name) => ({ name, ...parts(name) }));
  const columns = [...new Set(names.map(({ over }) => over))].sort();
  const rows = [...new Set(names.map(({ base }) => base))].map((base) => ({
    name: base,
    values: columns.map((over) => metrics[over ? `${base}.${over}` : base] ?? null),
    baseline: baseline[base] ?? null,
  }));
  return { columns, rows };
}

/** What a column is called. */
export function columnTitle(over: string): string {
  return { '': 'Overall', windowed: 'Recent', fading: 'Fading' }[over] ?? over;
}

/** The same measure over the newest samples alone, where it is told. */
export function recentName(name: string): string {
  return `${measureKind(name).name}.windowed`;
}

function parts(name: string): { base: string; over: string } {
  const [base = name, over = ''] = name.split('.');
  return { base, over };
}
