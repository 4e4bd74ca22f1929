import { type ColumnReport, isWritten } from '../../encode/columns/column.ts';
import { columnSettings } from '../../encode/columns/column-settings.ts';
import { type ColumnsMemory, columns } from '../../encode/columns/columns.ts';
import { columnSummary } from '../../encode/columns/summary.ts';
import { inferColumns, type NamedColumn } from '../../encode/columns/table.ts';
import type { Preparation } from '../../pipeline.ts';
import type { Example } from '../../sources/example.ts';
import { SourceError } from '../../sources/source-error.ts';
import { WrittenCells } from '../../sources/written-cells.ts';
import type { OpenedSource } from '../sources/opened-source.ts';
import type { SourceOptions, Surroundings } from '../sources/source-options.ts';
import type { TrainingOptions } from './training-options.ts';

/** Receives what is inferred of columns: one line for people, with its figures. */
export type ColumnNotice = (message: string, detail?: Readonly<Record<string, unknown>>) => void;

/** The first rows of a source with typed values, and the part that reads the others alike. */
export interface TypedHead {
  /** The rows with typed values. */
  readonly rows: readonly Example[];
  /** Absent where the source gives typed values itself. */
  readonly preparation?: Preparation;
  /** What was inferred, in lines for people. */
  readonly summary: readonly string[];
}

/** The types of the columns of a source: inferred from its first rows, part of the checkpoint. */
export class TrainingColumns {
  readonly #options: TrainingOptions;
  readonly #notice: ColumnNotice;
  readonly #written = new WrittenCells();
  readonly #writtenNames = new Set<string>();

  /** Throws a TypeError where an option is invalid. */
  constructor(options: TrainingOptions, notice: ColumnNotice) {
    columnSettings(options);
    this.#options = options;
    this.#notice = notice;
  }

  /** What a source is opened with. The time of a row is read as a column like any other. */
  sourceOptions(): SourceOptions & Pick<Surroundings, 'written'> {
    const { time, ...options } = this.#options;
    if (this.#isUntyped) return { ...options, ...(time && { time }) };
    return { ...options, written: this.#written };
  }

  /** Infers the columns of the first rows, and reads these as their types say. */
  typed(rows: readonly Example[], { isTyped }: OpenedSource): readonly Example[] {
    return isTyped ? rows : this.#typed(rows).rows;
  }

  /**
   * The same, and begins to read by these types. Throws a SourceError where an option names a column that
   * the first rows of a file do not have.
   */
  begin(rows: readonly Example[], { isTyped, isLive, name }: OpenedSource): TypedHead {
    if (isTyped) return { rows, summary: [] };
    const { table, ...typed } = this.#typed(rows);
    if (!isLive) this.#refuseUnknown(name, table);
    this.#limit(typed.preparation);
    return { ...typed, summary: columnSummary(table) };
  }

  /**
   * The part that resumes from a checkpoint, with which the types come; undefined where values are typed,
   * or the checkpoint is of a version that did not infer types.
   */
  resume({ isTyped }: OpenedSource): Preparation | undefined {
    const { from } = this.#options;
    if (isTyped || this.#isUntyped || !from) return undefined;
    const saved = from.memory['preparation'] as Partial<ColumnsMemory> | undefined;
    // What does not fit is refused when the memory is loaded.
    if (Array.isArray(saved?.columns)) this.#remember(saved as ColumnsMemory);
    return this.#preparation([]);
  }

  get #isUntyped(): boolean {
    return this.#options.from?.memory['preparation'] === null;
  }

  #typed(rows: readonly Example[]) {
    const settings = columnSettings(this.#options);
    const table = inferColumns(rows, this.#options.target ?? 'target', settings);
    const preparation = this.#preparation(table);
    const memory = preparation.initial();
    return { rows: rows.map((row) => preparation.apply(memory, row)), table, preparation };
  }

  #refuseUnknown(source: string, table: readonly NamedColumn[]): void {
    const { time, columns: only = [], drop = [], text = [], number = [] } = this.#options;
    const known = table.map(({ name }) => name);
    const named = [...(time ? [time] : []), ...only, ...drop, ...text, ...number];
    const unknown = named.find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const shown = known.slice(0, 8).join(', ');
    const more = known.length > 8 ? `, … (${known.length})` : '';
    throw new SourceError(`${source} has no column '${unknown}'; its columns are ${shown}${more}`);
  }

  #preparation(known: readonly NamedColumn[]): Preparation {
    const reported = { next: (report: ColumnReport) => this.#report(report) };
    return columns({ ...this.#options, known, reported }) as unknown as Preparation;
  }

  #report({ message, isWritten: isNeeded, ...detail }: ColumnReport): void {
    if (detail.kind !== 'decided') this.#notice(message, detail);
    if (detail.kind === 'misfits') return;
    if (isNeeded) this.#writtenNames.add(detail.column);
    else this.#writtenNames.delete(detail.column);
    this.#written.limitTo(this.#writtenNames);
  }

  #limit(preparation: Preparation): void {
    this.#remember(preparation.initial() as unknown as ColumnsMemory);
  }

  #remember({ columns: all }: ColumnsMemory): void {
    for (const column of all) if (isWritten(column)) this.#writtenNames.add(column.name);
    this.#written.limitTo(this.#writtenNames);
  }
}

/** The part that reads by the types that a checkpoint has. */
export const savedColumns = (): Preparation => columns() as unknown as Preparation;
