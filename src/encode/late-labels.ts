import { type Example, featuresOf } from '../sources/example.ts';
import { type NestingLimits, oversize } from '../sources/nesting.ts';
import { type RecentById, type RecentMemory, recentByMemory } from '../stream/recent-by-id.ts';
import { SampleError } from '../stream/rejection.ts';
import type { Stateful } from '../stream/stateful.ts';
import { isUnlabelled } from './task.ts';

/** The truth about an example that went by before. */
export interface Label {
  /** The id of the example. */
  readonly id: string;
  /** A class, or a number in [−1e15, 1e15]. */
  readonly target: number | string | boolean;
  /** When it became known, in milliseconds since the Unix epoch. Default: the latest time seen. */
  readonly time?: number;
}

/** What comes in: an example, or a label for an earlier one. The id names it in a rejection. */
export type LabelEvent =
  | { readonly id: string | undefined; readonly example: Example }
  | { readonly id: string; readonly label: Label };

/** What late labels remember. */
export type LateLabelsMemory = {
  /** The last examples with an id; null: the label came, or came too late. */
  readonly examples: RecentMemory<Example>;
  /** The latest time seen. */
  now: number;
  /** Labels that found their example, that came after `within`, a second time, and for nobody. */
  readonly labels: { joined: number; late: number; twice: number; unknown: number };
};

/** Options of {@link lateLabels}. */
export interface LateLabelsOptions {
  /**
   * How long after its example a label is still taken, in milliseconds; the example must have a
   * time. Default: without limit.
   */
  readonly within?: number;
  /** How many examples are remembered: for older ones a label comes too late. Default 10,000. */
  readonly capacity?: number;
  /** Memory of these examples and their ids, in bytes. Default 64 MiB; the oldest are forgotten. */
  readonly bytesMax?: number;
}

/**
 * Joins labels to their examples. An example is emitted at once, without a target, to be predicted; when
 * its label arrives it is emitted again with the target, to be learned. A label that is too late, comes
 * twice or has an unknown id is rejected. An example that has its target, or has no id, is emitted as it
 * is.
 *
 * Time is that of the examples and labels, not of a clock: a replay joins as the original did.
 */
export const lateLabels = ({
  within = Number.POSITIVE_INFINITY,
  capacity = 10_000,
  bytesMax,
}: LateLabelsOptions = {}): Stateful<LateLabelsMemory, LabelEvent, Example> => {
  if (!(within >= 0)) throw new RangeError(`within: expected 0 ms or more, got ${within}`);
  const examplesOf = recentByMemory<Example>({
    capacity,
    ...(bytesMax !== undefined && { bytesMax }),
  });
  return {
    name: 'lateLabels',
    initial: () => ({
      examples: { ring: [], count: 0 },
      now: 0,
      labels: { joined: 0, late: 0, twice: 0, unknown: 0 },
    }),
    update(memory, event) {
      const examples = examplesOf(memory.examples);
      if ('example' in event) return remember(memory, examples, event.example);
      checkLabel(event.label);
      return join(memory, examples, { label: event.label, within });
    },
  };
};

/** An encoder takes no more. */
const nestingLimits: NestingLimits = { depthMax: 32, valuesMax: 16_384 };

const remember = (
  memory: LateLabelsMemory,
  examples: RecentById<Example>,
  example: Example,
): Example => {
  if (example.id !== undefined && isUnlabelled(example)) {
    if (examples.find(example.id)?.value)
      throw new SampleError('value', `an example with the id ${shown(example.id)} waits already`);
    // It is part of the memory, and a copy of the memory is recursive.
    const reason = oversize(featuresOf(example), nestingLimits);
    if (reason !== undefined) throw new SampleError('shape', reason);
    examples.add(example.id, example);
  }
  memory.now = Math.max(memory.now, example.time ?? 0);
  return example;
};

/** A label that arrives, and how late it may be. */
interface Arrival {
  readonly label: Label;
  readonly within: number;
}

const checkLabel = ({ id, target }: Label): void => {
  if (isUnlabelled({ features: {}, target }))
    throw new SampleError('label', `the label of ${shown(id)} is empty`);
};

const join = (
  memory: LateLabelsMemory,
  examples: RecentById<Example>,
  { label, within }: Arrival,
): Example => {
  memory.now = Math.max(memory.now, label.time ?? 0);
  if (examples.find(label.id) === undefined) throw refusal(memory, label, 'unknown');
  const example = examples.take(label.id);
  if (!example) throw refusal(memory, label, 'twice');
  const age = (label.time ?? memory.now) - (example.time ?? Number.POSITIVE_INFINITY);
  if (age > within) throw refusal(memory, label, 'late');
  memory.labels.joined += 1;
  return { ...example, target: label.target };
};

const reasons = {
  unknown: 'no example with its id is remembered: it never came, or too many came after it',
  twice: 'a label with its id came before',
  late: 'it came longer after its example than `within` allows',
};

const refusal = (
  { labels }: LateLabelsMemory,
  { id }: Label,
  why: keyof typeof reasons,
): SampleError => {
  labels[why] += 1;
  return new SampleError('label', `the label of ${shown(id)} is left out: ${reasons[why]}`);
};

const shown = (id: string): string => JSON.stringify(String(id).slice(0, 100));
