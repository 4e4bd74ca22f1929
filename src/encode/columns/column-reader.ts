import type { ColumnForm } from './column-form.ts';
import { cellText } from './infer-column.ts';
import { noUnit, readNumber, readPlainNumber } from './numbers.ts';
import { readClock, readTimestamp } from './timestamps.ts';

/** How the cells of a column are read. */
export interface ReadingRules extends ColumnForm {
  readonly isTarget: boolean;
  /** The column with the time of day of these dates; empty where there is none. */
  readonly clock: string;
  /** Whether a text is a missing value. */
  readonly isMissing: (text: string) => boolean;
  /** Numbers that are missing values. */
  readonly missingNumbers: readonly number[];
}

/** At most this many texts of a column of categories are remembered as they are read. */
const knownMax = 4_096;

type Convert = (value: string | number, record: Readonly<Record<string, unknown>>) => unknown;

/** Reads the cells of one column as its type says. */
export class ColumnReader {
  /** Whether each finite number is read as it is: then nothing needs to be converted. */
  readonly isPlainNumber: boolean;
  /** Whether the latest cell that was read is neither missing nor of the type of the column. */
  isMisfit = false;
  /** The moment of the latest timestamp, in milliseconds since 1970; NaN where there was none. */
  instantMs = Number.NaN;
  readonly #rules: ReadingRules;
  readonly #convert: Convert;
  readonly #known = new Map<string, string | undefined>();

  constructor(rules: ReadingRules) {
    this.#rules = rules;
    this.isPlainNumber = rules.kind === 'number' && rules.missingNumbers.length === 0;
    this.#convert = this.#conversion();
  }

  /** The value of a cell; undefined where it is missing, or does not fit. `record` holds all cells of the row. */
  read(value: unknown, record: Readonly<Record<string, unknown>>): unknown {
    this.isMisfit = false;
    this.instantMs = Number.NaN;
    if (typeof value === 'string' || typeof value === 'number') return this.#convert(value, record);
    const { kind } = this.#rules;
    return kind === 'dropped' || kind === 'identifier' ? undefined : (value ?? undefined);
  }

  #conversion(): Convert {
    const { kind } = this.#rules;
    if (kind === 'number') return (value) => this.#number(value);
    if (kind === 'timestamp') return (value, record) => this.#timestamp(value, record);
    if (kind === 'category') return (value) => this.#category(value);
    if (kind === 'empty') return (value) => this.#unknown(value);
    return () => undefined;
  }

  #number(value: string | number): unknown {
    if (typeof value === 'number') {
      const isValue = Number.isFinite(value) && !this.#rules.missingNumbers.includes(value);
      return isValue ? value : undefined;
    }
    const text = value.trim();
    const { isMissing, decimal, unit, isTarget } = this.#rules;
    if (isMissing(text)) return undefined;
    const plain = readPlainNumber(text, decimal);
    if (!Number.isNaN(plain)) return plain;
    const number = readNumber(text, decimal);
    if (number !== undefined && (number.unit === unit || number.unit === noUnit)) {
      return number.value;
    }
    this.isMisfit = true;
    // What is not a label is rejected by name.
    return isTarget ? text : undefined;
  }

  #category(value: string | number): unknown {
    const { isTarget, isMissing } = this.#rules;
    if (typeof value === 'number') {
      if (isMissing(String(value))) return undefined;
      return isTarget ? value : String(value);
    }
    if (this.#known.has(value)) return this.#known.get(value);
    const text = value.trim();
    const read = isMissing(text) ? undefined : text;
    if (this.#known.size < knownMax) this.#known.set(value, read);
    return read;
  }

  #timestamp(value: string | number, record: Readonly<Record<string, unknown>>): Date | undefined {
    const text = typeof value === 'string' ? value.trim() : String(value);
    const { isMissing, order } = this.#rules;
    if (isMissing(text)) return undefined;
    const wallMs =
      order === 'clock'
        ? (readClock(text) ?? Number.NaN)
        : order === 'seconds' || order === 'milliseconds'
          ? this.#epoch(text, order === 'seconds' ? 1_000 : 1)
          : this.#written(text, record);
    this.isMisfit = Number.isNaN(wallMs);
    if (this.isMisfit) return undefined;
    const date = new Date();
    date.setTime(wallMs);
    return date;
  }

  #epoch(text: string, factor: number): number {
    const value = Number(text) * factor;
    // Beyond these a Date does not exist.
    if (text === '' || !(Math.abs(value) <= 8.64e15)) return Number.NaN;
    this.instantMs = value;
    return value;
  }

  #written(text: string, record: Readonly<Record<string, unknown>>): number {
    const { order, clock } = this.#rules;
    const moment = readTimestamp(text, order === 'dmy' || order === 'mdy' ? order : 'ymd');
    if (moment === undefined) return Number.NaN;
    const clockMs = clock === '' ? 0 : (readClock(cellText(record[clock])) ?? 0);
    this.instantMs = moment.instantMs + clockMs;
    return moment.wallMs + clockMs;
  }

  /** The first value of a column that had none. */
  #unknown(value: string | number): undefined {
    this.isMisfit = !this.#rules.isMissing(cellText(value));
    return undefined;
  }
}
