import type { ColumnReport } from '../../encode/columns/column.ts';
import { columnSettings } from '../../encode/columns/column-settings.ts';
import { type ColumnsMemory, columns, writtenColumns } from '../../encode/columns/columns.ts';
import { columnSummary } from '../../encode/columns/summary.ts';
import { inferColumns, type NamedColumn } from '../../encode/columns/table.ts';
import type { Preparation } from '../../pipeline.ts';
import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import { WrittenCells } from '../../sources/written-cells.ts';
import type { TrainingOptions } from './training-options.ts';

/** Receives what is inferred of columns. */
export interface ColumnNotices {
  /** Receives one line for people. */
  next(message: string, detail?: Readonly<Record<string, unknown>>): void;
}

/** What the first rows say of the columns of a source. */
export interface TypedHead {
  /** The rows with typed values. */
  readonly rows: readonly Example[];
  readonly table: readonly NamedColumn[];
  readonly preparation: Preparation;
}

/** The types of the columns of a source: inferred from its first rows, part of the checkpoint. */
export class TrainingColumns {
  /** Which cells the source gives as they are written. */
  readonly written = new WrittenCells();
  readonly #options: TrainingOptions;
  readonly #notices: ColumnNotices;
  #memory: (() => unknown) | undefined;

  /** Throws a TypeError where an option is invalid. */
  constructor(options: TrainingOptions, notices: ColumnNotices) {
    columnSettings(options);
    this.#options = options;
    this.#notices = notices;
  }

  /** Infers the columns of the first rows, and reads these as their types say. */
  typed(rows: readonly Example[]): TypedHead {
    const settings = columnSettings(this.#options);
    const table = inferColumns(rows, this.#options.target ?? 'target', settings);
    const preparation = this.#preparation(table);
    const memory = preparation.initial();
    return { rows: rows.map((row) => preparation.apply(memory, row)), table, preparation };
  }

  /** Throws a SourceError where an option names a column that the first rows do not have. */
  refuseUnknown(source: string, table: readonly NamedColumn[]): void {
    const { time, columns: only = [], drop = [], text = [], number = [] } = this.#options;
    const known = table.map(({ name }) => name);
    const named = [...(time ? [time] : []), ...only, ...drop, ...text, ...number];
    const unknown = named.find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const shown =
      known.length > 8 ? `${known.slice(0, 8).join(', ')}, … (${known.length})` : known.join(', ');
    throw new SourceError(`${source} has no column '${unknown}'; its columns are ${shown}`);
  }

  /** Of a training that resumes: the types come with its memory. */
  resumed(): Preparation {
    return this.#preparation([]);
  }

  /** Reads by the types in this memory from now on. */
  begin(memory: () => unknown, table: readonly NamedColumn[] = []): void {
    this.#memory = memory;
    this.#limit();
    if (table.length > 0) for (const line of columnSummary(table)) this.#notices.next(line);
  }

  #preparation(known: readonly NamedColumn[]): Preparation {
    const reported = { next: (report: ColumnReport) => this.#report(report) };
    return columns({ ...this.#options, known, reported }) as unknown as Preparation;
  }

  #report({ message, ...detail }: ColumnReport): void {
    if (detail.kind !== 'decided') this.#notices.next(message, detail);
    if (detail.kind !== 'misfits') this.#limit();
  }

  #limit(): void {
    this.written.limitTo(writtenColumns(this.#memory?.() as ColumnsMemory));
  }
}

/** The part that reads by the types that a checkpoint has. */
export const savedColumns = (): Preparation => columns() as unknown as Preparation;
