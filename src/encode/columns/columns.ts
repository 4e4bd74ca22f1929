import { type Example, featuresOf } from '../../sources/example.ts';
import { MadeExample } from '../../sources/made-example.ts';
import type { Applicable } from '../../stream/stateful.ts';
import { Column, type ColumnMemory, type ColumnReport, columnMemory } from './column.ts';
import { type ColumnOptions, type ColumnSettings, columnSettings } from './column-settings.ts';
import { inferColumn } from './infer-column.ts';
import type { NamedColumn } from './table.ts';

/** What is remembered of all columns. */
export type ColumnsMemory = {
  readonly settings: ColumnSettings;
  /** Rows so far. */
  rows: number;
  readonly columns: ColumnMemory[];
};

/** Options of {@link columns}. */
export interface ColumnsOptions extends ColumnOptions {
  /** The columns as they were inferred from rows read ahead. Default: none is known yet. */
  readonly known?: readonly NamedColumn[];
  /** Receives misfits, at the 1st, 10th, 100th …, and changes of type. Default: nobody. */
  readonly reported?: { next(report: ColumnReport): void };
}

/** More columns are passed on as they are. */
const columnsMax = 2_048;

type Features = Example['features'];

/** All columns of a memory, made quick to read. It follows from the memory alone. */
class Columns {
  readonly #memory: ColumnsMemory;
  readonly #reported: ColumnsOptions['reported'];
  readonly #byName = new Map<string, Column>();
  #target: Column | undefined;
  /** Records of one source have the same names in the same order. */
  readonly #layout: (Column | undefined)[] = [];

  constructor(memory: ColumnsMemory, reported: ColumnsOptions['reported']) {
    this.#memory = memory;
    this.#reported = reported;
    for (const column of memory.columns) this.#enter(column);
  }

  /** The example with typed values. Only what is learned changes the memory. */
  read(example: Example, isLearned: boolean): Example {
    const features = featuresOf(example);
    let typed: Record<string, unknown> | undefined;
    let position = -1;
    let { time } = example;
    for (const name in features) {
      position += 1;
      const value = features[name];
      const known = this.#layout[position];
      const isInPlace = known !== undefined && known.memory.name === name;
      if (isInPlace && known.passesNumbers && typeof value === 'number' && Number.isFinite(value)) {
        continue;
      }
      const column = isInPlace ? known : this.#find(name, { position, isLearned, value });
      if (column === undefined) continue;
      const read = this.#cell(column, { value, features, isLearned });
      if (name === this.#memory.settings.time) time = timeOf(read, column.instantMs);
      if (read === value) continue;
      typed ??= { ...features };
      typed[name] = read;
    }
    const target = this.#label(example, isLearned);
    if (isLearned) this.#memory.rows += 1;
    if (typed === undefined && target === example.target && time === example.time) return example;
    return retyped(example, { features: typed ?? features, target, time });
  }

  #find(
    name: string,
    { position, isLearned, value }: { position: number; isLearned: boolean; value: unknown },
  ): Column | undefined {
    const column = this.#byName.get(name) ?? this.#newColumn(name, { isLearned, value });
    if (isLearned && position < columnsMax) this.#layout[position] = column;
    return column;
  }

  #newColumn(
    name: string,
    { isLearned, value }: { isLearned: boolean; value: unknown },
  ): Column | undefined {
    const { settings, columns } = this.#memory;
    if (columns.length >= columnsMax) return undefined;
    const type = inferColumn([value], { name, settings });
    const memory = columnMemory({ name, isTarget: false, ...type });
    if (!isLearned) return new Column(memory, settings);
    columns.push(memory);
    return this.#enter(memory);
  }

  #label({ target }: Example, isLearned: boolean): Example['target'] {
    if (target === undefined) return undefined;
    if (this.#target === undefined) {
      if (!isLearned) return target;
      const { settings, columns } = this.#memory;
      const type = inferColumn([target], { isTarget: true, settings });
      const memory = columnMemory({ name: 'target', isTarget: true, ...type });
      columns.push(memory);
      this.#enter(memory);
    }
    const cell = { value: target, features: {}, isLearned };
    return this.#cell(this.#target!, cell) as Example['target'];
  }

  #cell(
    column: Column,
    { value, features, isLearned }: { value: unknown; features: Features; isLearned: boolean },
  ): unknown {
    const read = column.read(value, features);
    if (!isLearned) return read;
    const { form } = column.memory;
    const report = column.take(value, this.#memory.rows);
    if (report) this.#reported?.next(report);
    return form === column.memory.form ? read : column.read(value, features);
  }

  #enter(memory: ColumnMemory): Column {
    const column = new Column(memory, this.#memory.settings);
    if (memory.isTarget) this.#target = column;
    else this.#byName.set(memory.name, column);
    return column;
  }
}

/** The time of a row: that of a timestamp, or a number of milliseconds. */
const timeOf = (read: unknown, instantMs: number): number | undefined => {
  if (!Number.isNaN(instantMs)) return instantMs;
  return typeof read === 'number' ? read : undefined;
};

type Retyped = { [Name in 'target' | 'time']: Example[Name] | undefined } & Pick<
  Example,
  'features'
>;

const retyped = ({ id, line, weight }: Example, { features, target, time }: Retyped): Example => {
  const example = new MadeExample(features);
  if (target !== undefined) example.target = target;
  if (id !== undefined) example.id = id;
  if (line !== undefined) example.line = line;
  if (time !== undefined) example.time = time;
  if (weight !== undefined) example.weight = weight;
  return example;
};

/**
 * Reads the cells of each column as the type of the column says: numbers in every notation,
 * timestamps, categories; marks of missing values are missing in all of them. A part for
 * `preparation` of a pipeline, or before `encoder`.
 *
 * The type of a column is inferred from its cells. It stays open until 100 cells have come, and each of
 * them may change it; then it is decided, and changes once more at most, when 100 cells in 200 rows
 * contradict it. Inputs that were learned from the former type stay and are missing from then on.
 * `apply`, which is for questions, reads as `update` would and remembers nothing.
 *
 * Numbers, booleans and Date objects pass unchanged. Throws a TypeError where an
 * option is invalid.
 */
export const columns = (
  options: ColumnsOptions = {},
): Applicable<ColumnsMemory, Example, Example> => {
  const { known = [], reported } = options;
  const settings = columnSettings(options);
  const cache = new WeakMap<ColumnsMemory, Columns>();
  let latest: { readonly memory: ColumnsMemory; readonly columns: Columns } | undefined;
  const columnsOf = (memory: ColumnsMemory): Columns => {
    if (latest?.memory === memory) return latest.columns;
    const made = cache.get(memory) ?? new Columns(memory, reported);
    cache.set(memory, made);
    latest = { memory, columns: made };
    return made;
  };
  return {
    name: 'columns',
    initial: () => ({ settings, rows: 0, columns: known.map(columnMemory) }),
    apply: (memory, example) => columnsOf(memory).read(example, false),
    update: (memory, example) => columnsOf(memory).read(example, true),
  };
};
