import { SampleError } from '../../stream/rejection.ts';
import type { Example } from '../example.ts';
import { instantMs, notATime } from '../iso-time.ts';
import { MadeExample } from '../made-example.ts';
import type { RecordOptions } from '../record.ts';
import { type RecordMaker, recordMaker } from '../record-maker.ts';
import type { RowOptions, RowReader } from '../row-reader.ts';
import { SourceError } from '../source-error.ts';
import type { WrittenCells } from '../written-cells.ts';
import { CsvParser } from './csv-parser.ts';
import type { CsvRow } from './csv-row.ts';

/** What is wanted of a header. */
type ShapeOptions = RecordOptions & Pick<RowOptions, 'isTargetOptional' | 'written'>;

/** What the header of a CSV says: which field of a row is which feature, and which the target. */
class CsvShape {
  readonly #names: readonly string[];
  readonly #target: number;
  readonly #id: number;
  readonly #time: number;
  readonly #features: readonly string[];
  readonly #places: readonly number[];
  readonly #written: WrittenCells | undefined;
  #makeFeatures: RecordMaker;
  #version: number | undefined;
  #isTargetWritten = false;

  private constructor(
    names: readonly string[],
    { target = 'target', id, time, written }: ShapeOptions,
  ) {
    this.#names = names;
    this.#target = names.indexOf(target);
    this.#id = id === undefined ? -1 : names.indexOf(id);
    this.#time = time === undefined ? -1 : names.indexOf(time);
    const others = [this.#target, this.#id, this.#time];
    this.#places = [...names.keys()].filter((i) => !others.includes(i));
    this.#features = this.#places.map((i) => names[i]!);
    this.#written = written;
    this.#makeFeatures = recordMaker(this.#features, this.#places);
  }

  /** Reads a header. Throws a SourceError where it is none. */
  static of(row: CsvRow, source: string, options: ShapeOptions): CsvShape {
    if (row.error !== undefined) throw new SourceError(`${source}: bad header: ${row.error}`);
    const names = withoutSurplus(row.fields().map((name) => name.trim()));
    if (names.every((name) => name === '' || !Number.isNaN(Number(name)))) {
      throw new SourceError(`${source} has no header: its first line is ${preview(names)}`);
    }
    if (names.includes('__proto__')) {
      throw new SourceError(`${source}: a column may not be called __proto__`);
    }
    const twice = repeated(names);
    if (twice !== undefined) throw new SourceError(`${source} has two columns named '${twice}'`);
    const target = options.isTargetOptional ? undefined : (options.target ?? 'target');
    for (const wanted of [target, options.id, options.time]) {
      if (wanted !== undefined && !names.includes(wanted)) {
        const found = preview(names);
        throw new SourceError(`${source} has no column '${wanted}'; its columns are ${found}`);
      }
    }
    return new CsvShape(names, options);
  }

  /** The example that a row holds. Throws a SampleError where it has too few or too many fields. */
  example(row: CsvRow): Example {
    if (row.error !== undefined) throw new SampleError('parse', row.error);
    const { length } = this.#names;
    if (row.fieldCount !== length && !hasEmptySurplus(row, length)) {
      const reason = `expected ${length} fields, got ${row.fieldCount}`;
      throw new SampleError('shape', reason);
    }
    if (this.#written?.version !== this.#version) this.#remake(this.#written!);
    const example = new MadeExample(this.#makeFeatures(row));
    example.line = row.line;
    const target = this.#isTargetWritten ? row.written(this.#target) : row.value(this.#target);
    if (target !== null) example.target = target;
    if (this.#id >= 0) example.id = row.field(this.#id);
    if (this.#time >= 0) this.#observe(example, row);
    return example;
  }

  #remake(written: WrittenCells): void {
    this.#version = written.version;
    this.#isTargetWritten = this.#target >= 0 && written.has(this.#names[this.#target]!);
    this.#makeFeatures = recordMaker(this.#features, this.#places, (name) => written.has(name));
  }

  #observe(example: MadeExample, row: CsvRow): void {
    const value = row.value(this.#time);
    if (value === null) return;
    const time = typeof value === 'number' ? value : instantMs(value);
    if (Number.isNaN(time)) {
      throw new SampleError('value', notATime(row.field(this.#time)));
    }
    example.time = time;
  }
}

/**
 * The names without several empty ones at the end, which spreadsheets write: `a;b;;`. A single one may be
 * a column that has values.
 */
const withoutSurplus = (names: readonly string[]): readonly string[] => {
  const end = names.findLastIndex((name) => name !== '') + 1;
  return names.length - end > 1 ? names.slice(0, end) : names;
};

/** Whether a row has more fields than the header, and they are all empty. */
const hasEmptySurplus = (row: CsvRow, length: number): boolean => {
  if (row.fieldCount < length) return false;
  for (let at = length; at < row.fieldCount; at += 1) {
    if (row.value(at) !== null) return false;
  }
  return true;
};

/** The first name that came before; undefined where all differ. */
const repeated = (names: readonly string[]): string | undefined => {
  const known = new Set<string>();
  return names.find((name) => known.size === known.add(name).size);
};

const preview = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')}, … (${names.length})`;

/** Options of a CSV text. */
export interface CsvOptions extends RowOptions {
  /** The character between two fields. Default: found in the header among `,` `;` tab and `|`. */
  readonly delimiter?: string;
}

/**
 * Rows are read in batches of this size. To alternate between reading and learning for each row
 * would evict the code of both from the instruction cache.
 */
const rowsAtOnce = 128;

/** Reads one file as CSV. */
export const csvBatches: RowReader<CsvOptions> = async function* (
  { name, bytes },
  { rejected, delimiter, ...record },
) {
  const parser = new CsvParser(delimiter);
  let shape: CsvShape | undefined;
  const exampleOf = (row: CsvRow): Example | undefined => {
    try {
      if (shape !== undefined) return shape.example(row);
      shape = CsvShape.of(row, name, record);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      rejected?.next(error.at(row.line, row, row.fields()));
    }
    return undefined;
  };
  const nextExamples = (): Example[] => {
    const examples: Example[] = [];
    while (examples.length < rowsAtOnce) {
      const row = parser.next();
      if (row === undefined) break;
      const example = exampleOf(row);
      if (example !== undefined) examples.push(example);
    }
    return examples;
  };
  const batches = function* (): Generator<Example[]> {
    for (let some = nextExamples(); some.length > 0; some = nextExamples()) yield some;
  };
  for await (const piece of bytes) {
    parser.push(piece);
    yield* batches();
  }
  parser.end();
  yield* batches();
  if (shape === undefined) throw new SourceError(`${name} is empty`);
};
