import { defined } from '../../stream/defined.ts';
import { SampleError } from '../../stream/rejection.ts';
import type { Example } from '../example.ts';
import { instantMs, notATime } from '../iso-time.ts';
import { MadeExample } from '../made-example.ts';
import type { RecordOptions } from '../record.ts';
import { type RecordMaker, recordMaker } from '../record-maker.ts';
import type { RowOptions, RowReader } from '../row-reader.ts';
import { SourceError } from '../source-error.ts';
import { readableText } from '../text-encoding.ts';
import type { WrittenCells } from '../written-cells.ts';
import { givenNames, headerNames } from './column-names.ts';
import { CsvHead, withNewlines } from './csv-head.ts';
import { isRow, namesOf } from './csv-layout.ts';
import type { CsvOptions } from './csv-options.ts';
import { CsvParser } from './csv-parser.ts';
import type { CsvRow } from './csv-row.ts';
import { fitRow } from './fit-row.ts';

/** What is wanted of a header. */
type ShapeOptions = Omit<RecordOptions, 'target'> &
  Pick<RowOptions, 'isTargetOptional' | 'written'> & { readonly target: string };

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
  readonly #targetName: string | undefined;

  /** Throws a SourceError where a column that an option names is missing. */
  constructor(source: string, names: readonly string[], options: ShapeOptions) {
    const { target, id, time, written, isTargetOptional = false } = options;
    if (names.includes('__proto__')) {
      throw new SourceError(`${source}: a column may not be called __proto__`);
    }
    for (const wanted of [isTargetOptional ? undefined : target, id, time]) {
      if (wanted !== undefined && !names.includes(wanted)) {
        throw new SourceError(missingColumn(source, names, wanted));
      }
    }
    this.#names = names;
    this.#target = names.indexOf(target);
    this.#targetName = names[this.#target];
    this.#id = id === undefined ? -1 : names.indexOf(id);
    this.#time = time === undefined ? -1 : names.indexOf(time);
    const others = [this.#target, this.#id, this.#time];
    this.#places = [...names.keys()].filter((i) => !others.includes(i));
    this.#features = this.#places.map((i) => names[i]!);
    this.#written = written;
    this.#makeFeatures = recordMaker(this.#features, this.#places);
  }

  /**
   * The example that a row holds; undefined where it is a comment, or the header again, as in files that
   * were put together. Throws a SampleError where it has too many fields, or only one.
   */
  example(row: CsvRow): Example | undefined {
    if (row.error !== undefined) throw new SampleError('parse', row.error);
    const { length } = this.#names;
    if (row.fieldCount !== length && !fitRow(row, length)) return undefined;
    if (this.#written?.version !== this.#version) this.#remake(this.#written!);
    const target = this.#isTargetWritten ? row.written(this.#target) : row.value(this.#target);
    if (typeof target === 'string' && target === this.#targetName && this.isRepeatedBy(row)) {
      return undefined;
    }
    const example = new MadeExample(this.#makeFeatures(row));
    example.line = row.line;
    if (target !== null) example.target = target;
    if (this.#id >= 0) example.id = row.field(this.#id);
    if (this.#time >= 0) this.#observe(example, row);
    return example;
  }

  /** Whether a row is the header. */
  isRepeatedBy(row: CsvRow): boolean {
    return namesOf(row.fields()).every((field, i) => field === '' || field === this.#names[i]);
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

const missingColumn = (source: string, names: readonly string[], wanted: string): string => {
  const found = preview(names);
  const advice = 'say --no-header, or --header with the names of its columns';
  return isRow(names)
    ? `${source} has no header: its first line is ${found}; ${advice}`
    : `${source} has no column '${wanted}'; its columns are ${found}`;
};

const preview = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')}, … (${names.length})`;

/**
 * Rows are read in batches of this size. To alternate between reading and learning for each row
 * would evict the code of both from the instruction cache.
 */
const rowsAtOnce = 128;

/** Makes examples of one CSV text. */
class CsvReader {
  readonly #name: string;
  readonly #options: CsvOptions;
  readonly #head: CsvHead;
  #parser: CsvParser | undefined;
  #shape: CsvShape | undefined;
  #hasRepeats = false;

  constructor(name: string, options: CsvOptions) {
    const { delimiter, target = 'target', header = true } = options;
    this.#name = name;
    this.#options = options;
    this.#head = new CsvHead(name, { delimiter, hasHeader: header === true, target });
  }

  push(piece: Uint8Array): void {
    if (this.#parser === undefined) this.#begin(this.#head.push(piece));
    else this.#parser.push(this.#head.hasReturnsAlone ? withNewlines(piece) : piece);
  }

  /** Takes the end of the text. Throws a SourceError where it had no row. */
  end(): void {
    if (this.#parser === undefined) this.#begin(this.#head.end());
    if (this.#parser === undefined) throw new SourceError(`${this.#name} is empty`);
    this.#parser.end();
  }

  /** The examples of the rows that are complete, many at a time. */
  *batches(): Generator<Example[]> {
    for (let some = this.#next(); some.length > 0; some = this.#next()) yield some;
  }

  #begin(text: Uint8Array | undefined): void {
    const { layout, firstLine } = this.#head;
    if (text === undefined || layout === undefined) return;
    const { delimiter, isEscaped, linesBefore } = layout;
    this.#parser = new CsvParser(delimiter, { firstLine, isEscaped });
    this.#parser.push(text);
    const { header = true } = this.#options;
    if (header !== true) this.#shapeBy(givenNames(this.#name, header, layout));
    else if (linesBefore > 0) this.#tell(`the header is on line ${firstLine}`);
  }

  #shapeBy(names: readonly string[]): void {
    const { header, id, time, written, isTargetOptional } = this.#options;
    const isLast = this.#options.target === undefined && header === false;
    const target = isLast ? names.at(-1)! : (this.#options.target ?? 'target');
    if (isLast) this.#tell(`the target is the last column, ${target}`);
    this.#shape = new CsvShape(this.#name, names, {
      target,
      ...defined({ id, time, written, isTargetOptional }),
    });
  }

  /** Tells how the text is read. */
  #tell(what: string): void {
    this.#options.events?.next({ kind: 'notice', message: `${this.#name}: ${what}` });
  }

  #next(): Example[] {
    const examples: Example[] = [];
    const parser = this.#parser;
    while (parser !== undefined && examples.length < rowsAtOnce) {
      const row = parser.next();
      if (row === undefined) break;
      const example = this.#exampleOf(row);
      if (example !== undefined) examples.push(example);
    }
    return examples;
  }

  #exampleOf(row: CsvRow): Example | undefined {
    const shape = this.#shape;
    if (shape === undefined) {
      this.#readHeader(row);
      return undefined;
    }
    try {
      const example = shape.example(row);
      if (example === undefined && shape.isRepeatedBy(row)) this.#tellOfRepeats(row.line);
      return example;
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      this.#options.rejected?.next(error.at(row.line, row, row.fields()));
    }
    return undefined;
  }

  #tellOfRepeats(line: number): void {
    if (this.#hasRepeats) return;
    this.#hasRepeats = true;
    this.#tell(`line ${line} is the header again; such lines are skipped`);
  }

  #readHeader(row: CsvRow): void {
    const source = this.#name;
    if (row.error !== undefined) throw new SourceError(`${source}: bad header: ${row.error}`);
    const { names, notices } = headerNames(row.fields(), this.#head.layout!);
    this.#shapeBy(names);
    if (notices.length > 0) this.#tell(notices.join('; '));
  }
}

/** Reads one file as CSV. */
export const csvBatches: RowReader<CsvOptions> = (file, options) =>
  csvRows(readableText(file, options), options);

/** Reads one text in UTF-8 as CSV. */
export const csvRows: RowReader<CsvOptions> = async function* ({ name, bytes }, options) {
  const reader = new CsvReader(name, options);
  for await (const piece of bytes) {
    reader.push(piece);
    yield* reader.batches();
  }
  reader.end();
  yield* reader.batches();
};
