import { wallClockMs } from '../sources/iso-time.ts';
import { SampleError } from '../stream/rejection.ts';

/** Takes the values of a record one by one, each as what it means. */
export interface RecordReader {
  number(name: string, value: number): void;
  text(name: string, value: string): void;
  /** A moment as the clock on the wall shows it, in milliseconds. */
  instant(name: string, ms: number): void;
  missing(name: string): void;
}

/** How deep objects and arrays may lie in a record. */
export const NESTING_MAX = 4;

/**
 * Reads a record. Booleans are numbers, 0 or 1; a Date or a text that is an ISO 8601 timestamp is
 * an instant; any other text is a category, also one that looks like a number (a source that knows
 * better converts it); `undefined`, `null` and `''` are missing; the fields of nested objects and
 * arrays are features of their own, `sensor.temperature`, `axes.0`. Everything else, and a number
 * that is not finite, is refused with a SampleError.
 */
export const readRecord = (record: object, reader: RecordReader): void => {
  // Object.keys, or a check for own names, would halve the speed of the whole encoder.
  for (const name in record) readTopValue(name, (record as Record<string, unknown>)[name], reader);
};

/** Reads one value of a record itself, as {@link readRecord} does. */
export const readTopValue = (name: string, value: unknown, reader: RecordReader): void =>
  readValue(name, value, top, reader);

/** Where in a record a field lies. */
interface Place {
  readonly prefix: string;
  readonly depth: number;
}

const top: Place = { prefix: '', depth: 1 };

const readFields = (record: object, place: Place, reader: RecordReader): void => {
  for (const key in record) {
    const value = (record as Record<string, unknown>)[key];
    readValue(place.prefix + key, value, place, reader);
  }
};

const readValue = (name: string, value: unknown, place: Place, reader: RecordReader): void => {
  if (typeof value === 'number' && Number.isFinite(value)) reader.number(name, value);
  else if (isNested(value)) readFields(value, inside(place, name), reader);
  else readField(name, value, reader);
};

const isNested = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

const inside = ({ depth }: Place, name: string): Place => {
  if (depth >= NESTING_MAX) throw refusal(name, 'nested too deeply');
  return { prefix: `${name}.`, depth: depth + 1 };
};

const readField = (name: string, value: unknown, reader: RecordReader): void => {
  if (value === undefined || value === null || value === '') reader.missing(name);
  else if (typeof value === 'string') readText(name, value, reader);
  else if (typeof value === 'boolean') reader.number(name, value ? 1 : 0);
  else if (value instanceof Date) readDate(name, value, reader);
  else readNumber(name, value, reader);
};

const readText = (name: string, value: string, reader: RecordReader): void => {
  const ms = wallClockMs(value);
  if (Number.isNaN(ms)) reader.text(name, value);
  else reader.instant(name, ms);
};

const readDate = (name: string, value: Date, reader: RecordReader): void => {
  if (Number.isNaN(value.getTime())) throw refusal(name, 'an invalid Date');
  reader.instant(name, value.getTime());
};

const readNumber = (name: string, value: unknown, reader: RecordReader): void => {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number') throw refusal(name, `a ${typeof value}`);
  if (!Number.isFinite(number)) throw refusal(name, String(number));
  reader.number(name, number);
};

const refusal = (name: string, what: string): SampleError =>
  new SampleError(
    'value',
    `feature "${name.slice(0, 256)}" is ${what}: expected a finite number, a text, a boolean, a date or nothing`,
  );
