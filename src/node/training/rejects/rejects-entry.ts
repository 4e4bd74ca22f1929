import { oversize } from '../../../sources/nesting.ts';
import type { RecordOptions } from '../../../sources/record.ts';
import type { Rejection } from '../../../stream/rejection.ts';

/** What is known about every rejection of a file. */
export interface RejectsContext extends RecordOptions {
  /** What people call the source. */
  readonly source: string;
}

/** Characters of what was rejected; of more, only the beginning of a text is kept. */
const rawMax = 65_536;

/** A record is written as it was; one that is nested deeper is not written. */
const limits = { depthMax: 32, valuesMax: 16_384 };

/** Characters that are not shown as themselves, and that JSON leaves as they are. */
const invisible = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * A rejection as one line of JSON: `code`, `reason`, `source`, `index`, `at` (milliseconds since the
 * Unix epoch), `id` where there is one, and what was rejected: `record` with the names that its source
 * has, `fields` of a row, `x` and `y`, or `text` that is none of these. All control characters are
 * escaped, so that a terminal may show it.
 */
export const rejectsEntry = (
  { code, reason, index, id, raw }: Rejection,
  { source, ...names }: RejectsContext,
  at: number,
): string => {
  const about = { code, reason, source, index, at, ...(id === undefined ? {} : { id }) };
  return `${escaped(JSON.stringify({ ...about, ...shown(raw, names) }, plain))}\n`;
};

const shown = (raw: unknown, names: RecordOptions): object => {
  if (typeof raw === 'string') return textOf(raw);
  if (typeof raw !== 'object' || raw === null) return raw === undefined ? {} : { value: raw };
  const reason = oversize(raw, limits);
  if (reason !== undefined) return { omitted: reason };
  const found = recordOf(raw, names);
  const length = JSON.stringify(found, plain).length;
  return length > rawMax ? { omitted: `${length} characters of JSON` } : found;
};

const textOf = (text: string): object =>
  text.length > rawMax
    ? { text: text.slice(0, rawMax), omitted: `${text.length - rawMax} characters` }
    : { text };

const recordOf = (
  raw: object,
  { target = 'target', id: idName, time: timeName }: RecordOptions,
) => {
  if (Array.isArray(raw)) return { fields: raw };
  const { features, x, y, target: label, id, time } = raw as Readonly<Record<string, unknown>>;
  if (typeof features === 'object' && features !== null) {
    const others = { [target]: label, ...(idName && { [idName]: id }) };
    return { record: { ...features, ...others, ...(timeName && { [timeName]: time }) } };
  }
  return x === undefined ? { record: raw } : { x, y };
};

/** What JSON has no form for. */
const plain = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint' || typeof value === 'function') return String(value).slice(0, 200);
  if (typeof value === 'symbol') return value.toString();
  return ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value;
};

const escaped = (json: string): string =>
  json.replace(
    invisible,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
