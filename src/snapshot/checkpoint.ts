import type { Memory } from '../learn/learner.ts';
import { faultOf } from './checkpoint-parts.ts';
import { nonFiniteIn } from './finite-memory.ts';
import { assemble, dismantle } from './memory-text.ts';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from './safetensors.ts';

/** Where a source stood: how many of its examples had been taken. */
export interface SourcePosition {
  readonly name: string;
  /** What is counted from, in the source's own words. Absent: its first example. */
  readonly since?: Readonly<Record<string, string | number>>;
  readonly taken: number;
  /** How many rows the source itself had refused since. Absent: it is not known. */
  readonly rejected?: number;
}

/** Everything that a restart needs to go on as if nothing had happened. */
export interface Checkpoint {
  /** What a model must be to go on with it, such as `{ learner: 'pool', task: 'regression' }`. */
  readonly model: Readonly<Record<string, string | number>>;
  /** The history that it is a point of: the epoch, and the last numbers of the logs. */
  readonly history: {
    readonly epoch: string;
    readonly logs: { readonly events: number; readonly errors: number };
  };
  /** Whether nothing was learned after it: the process ended in peace. */
  readonly isFinal: boolean;
  /** Samples learned. */
  readonly step: number;
  /** Over how many samples J has been summed up, and ΣJ. */
  readonly cost: { readonly count: number; readonly sum: number };
  /** The last number of each producer that has been learned, the latest producer last. */
  readonly producers: ReadonlyMap<string, number>;
  /** Batches that were fed, and examples of the source that were taken, in all. Absent: none is known. */
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
 * bytes are zeros, for a digest of all before them: whoever writes it knows one. Throws a
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
    const memory = assemble({ text: metadata['memory']!, tensors: own });
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
