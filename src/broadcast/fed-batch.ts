import type { FedSample } from './client-messages.ts';
import { InvalidSample, readFedSample, type SampleLimits } from './fed-sample.ts';
import type { LateLabels } from './late-labels.ts';
import type { FeedOutcome, Observation } from './model.ts';

/** How {@link readFedBatch} reads. */
export interface FedBatchOptions {
  /** How many at the beginning have been learned before. */
  readonly skip: number;
  /** The position of the first sample among all that were fed. */
  readonly start: number;
  readonly limits: SampleLimits;
  /** Rows that were predicted for: a label that comes by id takes its own. */
  readonly lateLabels: LateLabels;
}

/** A sample that is rejected before the model sees it. */
export type RefusedSample = FeedOutcome['rejected'][number] & {
  readonly id?: string;
  /** What it was, where that was no JSON. */
  readonly text?: string | undefined;
};

/** A batch, validated for a model. */
export interface FedBatch {
  readonly taken: readonly Observation[];
  /** The 0-based position in the batch of each accepted sample. */
  readonly positions: readonly number[];
  readonly refused: readonly RefusedSample[];
}

/** Reads the samples of a batch; each bad one is refused by itself. */
export const readFedBatch = (
  samples: readonly unknown[],
  { skip, start, limits, lateLabels }: FedBatchOptions,
): FedBatch => {
  const taken: Observation[] = [];
  const positions: number[] = [];
  const refused: RefusedSample[] = [];
  for (let i = skip; i < samples.length; i += 1) {
    const sample = readFedSample(samples[i], limits);
    const observation =
      sample instanceof InvalidSample ? sample : complete(sample, lateLabels, start + i);
    if (observation instanceof InvalidSample) {
      const { code, reason, text } = observation;
      refused.push({ i, code, message: reason, text, ...idOf(samples[i]) });
    } else {
      positions.push(i);
      taken.push(observation);
    }
  }
  return { taken, positions, refused };
};

/** With the row that was predicted for, where only an id came; or why it cannot be learned from. */
const complete = (
  { x, y, features, target, id, time, weight }: FedSample,
  lateLabels: LateLabels,
  index: number,
): Observation | InvalidSample => {
  const about = {
    index,
    ...(id === undefined ? {} : { id }),
    ...(time === undefined ? {} : { time }),
    ...(weight === undefined ? {} : { weight }),
  };
  const isBare = x === undefined && features === undefined;
  if (isBare && id === undefined) return noLabel('expected x, features, or the id of a prediction');
  const row = isBare ? lateLabels.take(id!) : x ? { x: numbersOf(x) } : { features };
  if (!row) {
    const why = 'none was requested, or too many have been since';
    return noLabel(`no prediction is remembered for the id ${id}: ${why}`);
  }
  if ('x' in row) return y ? { x: row.x, y, ...about } : noLabel('a vector needs y');
  if (target === undefined) return noLabel('a record needs a target');
  return { features: row.features!, target, ...about };
};

const noLabel = (reason: string): InvalidSample => new InvalidSample('label', reason);

/** The id of a value that may be no sample at all. */
const idOf = (value: unknown): { id?: string } => {
  const { id } = (value ?? {}) as { id?: unknown };
  return typeof id === 'string' ? { id } : {};
};

/** A vector of the wire, where null is a missing value. */
export const numbersOf = (vector: readonly (number | null)[]): number[] =>
  vector.map((value) => value ?? Number.NaN);
