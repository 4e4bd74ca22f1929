import type { ColumnForm } from './column-form.ts';
import { ColumnReader } from './column-reader.ts';
import type { ColumnSettings } from './column-settings.ts';
import { type Cell, cellOf, cellText, inferColumn, missingTest } from './infer-column.ts';
import type { NamedColumn } from './table.ts';

/** What is remembered of a column. */
export type ColumnMemory = {
  readonly name: string;
  readonly isTarget: boolean;
  form: ColumnForm;
  /** The column with the time of day of these dates; empty where there is none. */
  readonly clock: string;
  /**
   * `open`: each new cell may change the type; `decided`: it may change once more, if many cells
   * contradict it; `revised`: it has changed and stays.
   */
  state: 'open' | 'decided' | 'revised';
  /** Of an open column its present cells, of a decided one the latest misfits. */
  cells: Cell[];
  /** Of a decided column: the row of the first of those misfits. */
  since: number;
  /** Cells so far that were neither missing nor of the type. */
  misfits: number;
};

/** What has happened to a column. */
export interface ColumnReport {
  /**
   * `misfits`: cells do not fit its type; `type`: its type is another from now on; `decided`: its type
   * will hardly change any more.
   */
  readonly kind: 'misfits' | 'type' | 'decided';
  /** The name of the column. */
  readonly column: string;
  /** What happened, for people. */
  readonly message: string;
  /** Cells so far that do not fit. */
  readonly misfits: number;
  /** Rows so far. */
  readonly rows: number;
  /** Whether its cells are needed as they are written, not as the numbers that they look like. */
  readonly isWritten: boolean;
}

/** From this many present cells on, the type of a column is decided. */
const decidedCells = 100;

/** An open column is inferred again when it has this many present cells. */
const reviews: readonly number[] = [5, 20, decidedCells];

/** A decided column is inferred again when this many misfits lie within twice as many rows. */
const contradictions = 100;

/** Longer texts are cut where they are remembered. */
const textMax = 64;

/** The memory of a column at its beginning. */
export const columnMemory = ({
  name,
  isTarget,
  clock = '',
  ...type
}: NamedColumn): ColumnMemory => ({
  ...{ name, isTarget, clock, form: formOf(type) },
  state: type.count - type.missing >= decidedCells || type.kind === 'dropped' ? 'decided' : 'open',
  ...{ cells: [], since: 0, misfits: 0 },
});

const formOf = ({ kind, notation, decimal, unit, order }: ColumnForm): ColumnForm => ({
  ...{ kind, notation, decimal, unit, order },
});

/** One column of a stream: reads its cells, and learns from them what its type is. */
export class Column {
  readonly memory: ColumnMemory;
  readonly #settings: ColumnSettings;
  #reader: ColumnReader;

  /** Works on the memory itself. */
  constructor(memory: ColumnMemory, settings: ColumnSettings) {
    this.memory = memory;
    this.#settings = settings;
    this.#reader = this.#makeReader();
  }

  /** Whether each finite number is read as it is, and nothing can be learned from it. */
  get passesNumbers(): boolean {
    return this.#reader.isPlainNumber && this.memory.state !== 'open';
  }

  /** The moment of the latest cell that was read, in milliseconds since 1970; NaN where it has none. */
  get instantMs(): number {
    return this.#reader.instantMs;
  }

  /** The value of a cell; undefined where it is missing or does not fit. */
  read(value: unknown, record: Readonly<Record<string, unknown>>): unknown {
    return this.#reader.read(value, record);
  }

  /** Takes note of the cell that was just read. Returns what has happened; undefined: nothing to report. */
  take(value: unknown, rows: number): ColumnReport | undefined {
    const { memory } = this;
    if (memory.state === 'open') return this.#takeOpen(value, rows);
    if (!this.#reader.isMisfit) return undefined;
    return this.#takeMisfit(cellText(value).slice(0, textMax), rows);
  }

  #takeOpen(value: unknown, rows: number): ColumnReport | undefined {
    const { memory } = this;
    const cell = cellOf(value);
    const text = String(cell).slice(0, textMax);
    if (missingTest({ ...memory, settings: this.#settings })(text)) return undefined;
    memory.cells.push(typeof cell === 'number' ? cell : text);
    const isMisfit = this.#reader.isMisfit;
    const isReviewed = isMisfit || reviews.includes(memory.cells.length);
    const before = memory.form;
    if (isReviewed) this.#infer();
    const isChanged = !isSame(before, memory.form);
    const isDecided = memory.cells.length >= decidedCells;
    if (isDecided) this.#decide('decided');
    if (isChanged && before.kind !== 'empty') return this.#changed(before, rows);
    if (!isChanged && isMisfit) return this.#count(text, rows);
    return isDecided
      ? this.#report('decided', `column ${memory.name}: ${describeForm(memory.form)}`, rows)
      : undefined;
  }

  #takeMisfit(text: string, rows: number): ColumnReport | undefined {
    const { memory } = this;
    if (memory.state === 'decided') {
      if (memory.cells.length === 0) memory.since = rows;
      memory.cells.push(text);
      if (memory.cells.length >= contradictions) {
        const before = memory.form;
        const isSudden = rows - memory.since < 2 * contradictions;
        if (isSudden) this.#infer();
        const isChanged = !isSame(before, memory.form);
        this.#decide(isChanged ? 'revised' : 'decided');
        if (isChanged) return this.#changed(before, rows);
      }
    }
    return this.#count(text, rows);
  }

  #count(text: string, rows: number): ColumnReport | undefined {
    const { memory } = this;
    memory.misfits += 1;
    const { misfits, name, form } = memory;
    if (!isPowerOfTen(misfits)) return undefined;
    const message = `column ${name}: ${misfits} of ${rows + 1} cells ${misfits === 1 ? 'is' : 'are'} not a ${form.kind}, for example ${JSON.stringify(text)}; they are read as missing`;
    return this.#report('misfits', message, rows);
  }

  #report(kind: ColumnReport['kind'], message: string, rows: number): ColumnReport {
    const { name, misfits } = this.memory;
    return {
      ...{ kind, column: name, message, misfits, rows: rows + 1 },
      isWritten: isWritten(this.memory),
    };
  }

  #changed(before: ColumnForm, rows: number): ColumnReport {
    const { name, form, isTarget } = this.memory;
    const inputs = isTarget ? '' : '; its inputs so far stay, and are missing from now on';
    const message = `column ${name}: ${describeForm(form)} from row ${rows + 1} on, no longer ${describeForm(before)}${inputs}`;
    return this.#report('type', message, rows);
  }

  #infer(): void {
    const { memory } = this;
    const { name, isTarget, cells } = memory;
    memory.form = formOf(inferColumn(cells, { name, isTarget, settings: this.#settings }));
    this.#reader = this.#makeReader();
  }

  #decide(state: ColumnMemory['state']): void {
    this.memory.state = state;
    this.memory.cells = [];
  }

  #makeReader(): ColumnReader {
    const { form, isTarget, clock, name } = this.memory;
    const isMissing = missingTest({ name, isTarget, settings: this.#settings });
    const missingNumbers = this.#settings.missing.map(Number).filter((mark) => !Number.isNaN(mark));
    return new ColumnReader({ ...form, isTarget, clock, isMissing, missingNumbers });
  }
}

/**
 * Whether the cells of a column mean what is written, not the number that they look like: categories,
 * decimal commas, and where the type is still open.
 */
export const isWritten = ({ form: { kind, decimal }, state }: ColumnMemory): boolean =>
  state === 'open' || kind === 'category' || (kind === 'number' && decimal === ',');

/** A form in words: `number (decimal comma)`. */
export const describeForm = ({ kind, notation }: ColumnForm): string =>
  notation === '' ? kind : `${kind} (${notation})`;

const isSame = (a: ColumnForm, b: ColumnForm): boolean =>
  a.kind === b.kind && a.decimal === b.decimal && a.unit === b.unit && a.order === b.order;

const isPowerOfTen = (count: number): boolean => /^10*$/.test(String(count));
