import type { Memory } from '../learn/learner.ts';
import { nonFiniteIn } from './finite-memory.ts';
import { assembleMemory, dismantle } from './memory-text.ts';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from './safetensors.ts';

/** What a part of a checkpoint must be, and how it is called in an error. */
type Check = (value: unknown, path: string) => string | undefined;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wanted =
  (what: string, is: (value: unknown) => boolean): Check =>
  (value, path) =>
    is(value) ? undefined : `${path} must be ${what}, not ${shown(value)}`;

const shown = (value: unknown): string => {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};

const text = wanted('a text', (value) => typeof value === 'string');
const flag = wanted('true or false', (value) => typeof value === 'boolean');
const finite = wanted('a finite number', Number.isFinite);
const count = wanted('a whole number of at least 0', (value) => isCount(value));
const textOrFinite = wanted(
  'a text or a finite number',
  (value) => typeof value === 'string' || Number.isFinite(value),
);

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

const optional =
  (check: Check): Check =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

const first = (faults: Iterable<string | undefined>): string | undefined => {
  for (const fault of faults) if (fault !== undefined) return fault;
  return undefined;
};

/** An object with these keys; others may be there, too. */
const record =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value, path) => {
    if (!isRecord(value)) return `${path} must be an object, not ${shown(value)}`;
    return first(Object.entries(fields).map(([key, check]) => check(value[key], at(path, key))));
  };

/** An object with any keys. */
const recordOf =
  (check: Check): Check =>
  (value, path) => {
    if (!isRecord(value)) return `${path} must be an object, not ${shown(value)}`;
    return first(Object.entries(value).map(([key, item]) => check(item, at(path, key))));
  };

const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

const isNumbered = (pair: unknown): boolean =>
  Array.isArray(pair) && typeof pair[0] === 'string' && isCount(pair[1]);

const checkpoint = record({
  model: recordOf(textOrFinite),
  history: record({ epoch: text, logs: record({ events: count, errors: count }) }),
  isFinal: flag,
  step: count,
  cost: record({ count, sum: finite }),
  source: record({
    name: text,
    since: optional(recordOf(textOrFinite)),
    taken: count,
    rejected: optional(count),
  }),
  producers: wanted(
    'a list of names with numbers',
    (value) => Array.isArray(value) && value.every(isNumbered),
  ),
});

/** What is wrong with a checkpoint apart from its memory, its producers as a list; undefined: nothing. */
const faultOf = (parts: unknown): string | undefined => checkpoint(parts, '');

/** The offset of a source: how many of its examples have been consumed. */
export interface SourcePosition {
  /** What the source is called. */
  readonly name: string;
  /** What is counted from, in the source's own words. Absent: its first example. */
  readonly since?: Readonly<Record<string, string | number>>;
  /** The number of examples consumed from it: ≥ 0. */
  readonly taken: number;
  /** How many rows the source itself had refused since. Absent: it is not known. */
  readonly rejected?: number;
}

/** Everything that a restart needs to resume as if nothing had happened. */
export interface Checkpoint {
  /** What a model must be to resume from it, such as `{ learner: 'pool', task: 'regression' }`. */
  readonly model: Readonly<Record<string, string | number>>;
  /** The history that it is a point of: the epoch, and the last numbers of the logs. */
  readonly history: {
    readonly epoch: string;
    readonly logs: { readonly events: number; readonly errors: number };
  };
  /** Whether nothing was learned after it: the shutdown was clean. */
  readonly isFinal: boolean;
  /** Samples learned. */
  readonly step: number;
  /** Over how many samples J has been summed up, and ΣJ. */
  readonly cost: { readonly count: number; readonly sum: number };
  /** The last number of each producer that has been learned, the latest producer last. */
  readonly producers: ReadonlyMap<string, number>;
  /** The number of fed batches and of consumed examples of the source, in all. Absent: unknown. */
  readonly fed?: { readonly batches: number; readonly examples: number };
  /** Where the source stood. */
  readonly source: SourcePosition;
  /** All that the stages remember. */
  readonly memory: Memory;
}

/** A file that is no checkpoint, or a damaged one. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** The version of what a file holds. It changes when a checkpoint of before cannot be read any more. */
export const checkpointFormat = 'rivulet.checkpoint.2';

/** How many bytes the last tensor of a file has, `checksum`. */
export const checksumBytes = 32;

/**
 * A checkpoint as one safetensors file: every typed array is a tensor, the rest is metadata. Its last
 * bytes are zeros, to be replaced by a digest of all before them when it is written. Throws a
 * {@link CheckpointError} where a number is not finite or a part is missing, and says where.
 */
export const encodeCheckpoint = ({ memory, producers, ...rest }: Checkpoint): Uint8Array => {
  const parts = { ...rest, producers: [...producers] };
  refuseFaults(parts, memory);
  const { text, tensors } = dismantle(memory);
  const checksum = {
    name: 'checksum',
    shape: [checksumBytes],
    values: new Uint8Array(checksumBytes),
  };
  return encodeSafetensors([...tensors.map(underMemory), checksum], {
    format: checkpointFormat,
    about: JSON.stringify(parts),
    memory: text,
  });
};

/** Reads what {@link encodeCheckpoint} made; throws a {@link CheckpointError}. */
export const decodeCheckpoint = (file: Uint8Array): Checkpoint => {
  try {
    const { tensors, metadata } = decodeSafetensors(file);
    refuseOtherFormat(metadata['format']);
    const parts = JSON.parse(metadata['about']!);
    const own = tensors.filter(({ name }) => name.startsWith(prefix)).map(withoutMemory);
    const memory = assembleMemory({ text: metadata['memory']!, tensors: own });
    refuseFaults(parts, memory);
    return { ...parts, producers: new Map(parts.producers), memory };
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    const reason = error instanceof SafetensorsError ? error.message : 'its metadata is damaged';
    throw new CheckpointError(reason, { cause: error });
  }
};

const refuseOtherFormat = (format: string | undefined): void => {
  if (format === checkpointFormat) return;
  if (format?.startsWith('rivulet.checkpoint.')) {
    throw new CheckpointError(`its format is ${format}; this version reads ${checkpointFormat}`);
  }
  throw new CheckpointError('it is no checkpoint of ours');
};

const refuseFaults = (parts: unknown, memory: Memory): void => {
  const fault = faultOf(parts);
  if (fault !== undefined) throw new CheckpointError(`it does not fit: ${fault}`);
  const notFinite = nonFiniteIn(memory);
  if (notFinite === undefined) return;
  throw new CheckpointError(`it has a number that is not finite: ${notFinite}`);
};

/** Apart from `checksum`, whatever a stage may be called. */
const prefix = 'memory/';

const underMemory = <Named extends { readonly name: string }>(tensor: Named): Named => ({
  ...tensor,
  name: `${prefix}${tensor.name}`,
});

const withoutMemory = <Named extends { readonly name: string }>(tensor: Named): Named => ({
  ...tensor,
  name: tensor.name.slice(prefix.length),
});
