import { SampleError } from '../stream/rejection.ts';
import { instantMs, notATime } from './iso-time.ts';
import { MadeExample } from './made-example.ts';

/** Which fields of a record are not features. */
export interface RecordOptions {
  /** The field to be predicted. Default `target`. A record without it is predicted, not learned. */
  readonly target?: string;
  /** The field that names an observation. */
  readonly id?: string;
  /** The field with the time of observation: milliseconds since the Unix epoch, or ISO 8601: in UTC without an offset. */
  readonly time?: string;
}

/** How deep a record may be nested: `{ a: { b: 1 } }`, of depth 2, has the feature `a.b`. */
const depthMax = 8;

/** How many fields one record may have. */
const fieldCountMax = 16_384;

/**
 * An example from a record of plain data, as JSON gives it. Nested fields get dotted names.
 * Throws a SampleError where it is not a record, or a hostile one.
 */
export const exampleFromRecord = (
  record: unknown,
  { target = 'target', id, time }: RecordOptions = {},
): MadeExample => {
  if (!isRecord(record)) {
    throw new SampleError('shape', `expected a record such as {"a": 1}, got ${describe(record)}`);
  }
  const found: Found = { features: {}, fieldCount: 0, names: { target, id, time } };
  flatten(record, '', found);
  const { features, label, named, observed } = found;
  const example = new MadeExample(features);
  if (isLabel(label)) example.target = label;
  if (isLabel(named)) example.id = String(named);
  const at = toTime(observed);
  if (at !== undefined) example.time = at;
  return example;
};

interface Found {
  readonly features: Record<string, unknown>;
  readonly names: { target: string; id: string | undefined; time: string | undefined };
  fieldCount: number;
  label?: unknown;
  named?: unknown;
  observed?: unknown;
}

const flatten = (value: object, prefix: string, found: Found, depth = 1): void => {
  if (depth > depthMax) throw new SampleError('shape', `nested deeper than ${depthMax} levels`);
  for (const key of Object.keys(value)) {
    const field: unknown = (value as Readonly<Record<string, unknown>>)[key];
    // Assigned, it would change what the record inherits.
    if (key === '__proto__') throw new SampleError('shape', 'a field may not be called __proto__');
    if (typeof field === 'object' && field !== null) {
      flatten(field, `${prefix}${key}.`, found, depth + 1);
    } else {
      keep(found, prefix + key, field);
    }
  }
};

const keep = (found: Found, name: string, field: unknown): void => {
  const { features, names } = found;
  found.fieldCount += 1;
  if (found.fieldCount > fieldCountMax) {
    throw new SampleError('shape', `more than ${fieldCountMax} fields`);
  }
  if (name === names.target) found.label = field;
  else if (name === names.id) found.named = field;
  else if (name === names.time) found.observed = field;
  else features[name] = field;
};

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isLabel = (value: unknown): value is number | string | boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value !== '');

const toTime = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return undefined;
  const ms = instantMs(value);
  if (Number.isNaN(ms)) throw new SampleError('value', notATime(value));
  return ms;
};

const describe = (value: unknown): string =>
  Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
