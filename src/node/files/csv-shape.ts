import type { Example } from '../../sources/example.ts';
import type { RecordOptions } from '../../sources/record.ts';
import { SourceError } from '../../sources/source-error.ts';
import { SampleError } from '../../stream/rejection.ts';
import type { CsvRow } from './csv-parser.ts';

/** What the header of a CSV says: which field of a row is which feature, and which the target. */
export class CsvShape {
  readonly #names: readonly string[];
  readonly #target: number;
  readonly #id: number;
  readonly #time: number;
  /** The fields that are features. */
  readonly #features: readonly number[];

  private constructor(names: readonly string[], { target = 'target', id, time }: RecordOptions) {
    this.#names = names;
    this.#target = names.indexOf(target);
    this.#id = id === undefined ? -1 : names.indexOf(id);
    this.#time = time === undefined ? -1 : names.indexOf(time);
    const others = [this.#target, this.#id, this.#time];
    this.#features = [...names.keys()].filter((i) => !others.includes(i));
  }

  /** Reads a header. Throws a SourceError where it is none. */
  static of(row: CsvRow | undefined, source: string, options: RecordOptions): CsvShape {
    if (row === undefined) throw new SourceError(`${source} is empty`);
    if (row.error !== undefined) throw new SourceError(`${source}: bad header: ${row.error}`);
    const names = row.fields.map((name) => name.trim());
    if (names.every((name) => name === '' || !Number.isNaN(Number(name)))) {
      throw new SourceError(`${source} has no header: its first line is ${preview(names)}`);
    }
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new SourceError(`${source} has two columns named '${twice}'`);
    for (const wanted of [options.target ?? 'target', options.id, options.time]) {
      if (wanted !== undefined && !names.includes(wanted)) {
        const found = preview(names);
        throw new SourceError(`${source} has no column '${wanted}'; its columns are ${found}`);
      }
    }
    return new CsvShape(names, options);
  }

  /** The example that a row holds. Throws a SampleError where it has too few or too many fields. */
  example({ line, fields, error }: CsvRow): Example {
    if (error !== undefined) throw new SampleError('parse', error);
    const { length } = this.#names;
    if (fields.length !== length) {
      const reason = `expected ${length} fields, got ${fields.length}`;
      throw new SampleError('shape', reason);
    }
    const features: Record<string, unknown> = {};
    for (const i of this.#features) features[this.#names[i]!] = parseField(fields[i]!);
    // Written out field by field: spreading optional ones costs as much as parsing the row.
    const example: { -readonly [Name in keyof Example]: Example[Name] } = { features, line };
    const target = parseField(fields[this.#target]!);
    if (target !== null) example.target = target;
    if (this.#id >= 0) example.id = fields[this.#id]!;
    if (this.#time >= 0) this.#observe(example, fields[this.#time]!);
    return example;
  }

  #observe(example: { time?: number }, field: string): void {
    const value = parseField(field);
    if (value === null) return;
    const time = typeof value === 'number' ? value : Date.parse(value);
    if (Number.isNaN(time)) throw new SampleError('value', `'${field}' is no time`);
    example.time = time;
  }
}

/** A number where it reads as one, null where it is empty, else the text. */
export const parseField = (field: string): number | string | null => {
  const value = Number(field);
  // Blank text is 0 to Number().
  if (value === 0) return field.trim() === '' ? null : 0;
  return Number.isNaN(value) ? (named[field.trim().toLowerCase()] ?? field) : value;
};

/** How other languages write what is no finite number. It is not text: an encoder refuses it. */
const named: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

const preview = (names: readonly string[]): string =>
  names.length <= 8 ? names.join(', ') : `${names.slice(0, 8).join(', ')}, … (${names.length})`;
