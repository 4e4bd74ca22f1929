/** What a bench found: a table, and the figures that are promised. */
export interface Report {
  readonly rows: readonly Row[];
  readonly figures?: readonly Figure[];
  /** What a reader must know to believe the numbers. */
  readonly notes?: readonly string[];
}

/** One line of the table: a name, then numbers by the name of their column. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A number with the bound that it is held to. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Something that `npm run bench` can run. */
export interface Bench {
  readonly name: string;
  readonly about: string;
  /** `args` is what stands behind its name on the command line. */
  run(args?: readonly string[]): Report | Promise<Report>;
}

/** Prints a report for people. */
export const printReport = ({ name, about }: Bench, { rows, figures, notes }: Report): void => {
  console.log(`${name}: ${about}\n`);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => shown(row[column])))];
  const widths = columns.map((_, c) => Math.max(...cells.map((line) => line[c]!.length)));
  for (const line of cells) {
    console.log(
      line.map((cell, c) => (c ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!))).join('  '),
    );
  }
  for (const figure of figures ?? []) console.log(figureLine(figure));
  for (const note of notes ?? []) console.log(`\n${note}`);
};

const figureLine = ({ name, value, atLeast, atMost }: Figure): string => {
  const isMet = value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Infinity);
  const bound = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  return `\n${isMet ? 'met   ' : 'MISSED'}  ${name}: ${shown(value)} (${bound})`;
};

const shown = (value: string | number | null | undefined): string => {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (Math.abs(value) >= 1e4) return `${(value / 1e3).toFixed(1)} k`;
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
};
