import { requireWhole } from '../math/limits.ts';
import type { StreamEvent } from '../stream/event.ts';

/** How new inputs come to have slots once a stream has begun. */
export interface NewInputOptions {
  /**
   * Samples at the start of a stream in which each new name and category gets a slot at once. ≥ 0.
   * Default 500.
   */
  readonly freeSamples?: number;
  /**
   * Slots from which on even at the start a new input must recur, except in the first 10 samples, so
   * that a table may be wide. ≥ 0. Default 512.
   */
  readonly freeSlots?: number;
  /** How often an input must be seen to count as one that recurs. 1 to 255. Default 3. */
  readonly sightings?: number;
  /**
   * Inputs that may have a slot although they have not recurred yet, but no more than a quarter of the
   * others. ≥ 0. Default 8.
   */
  readonly trialSlots?: number;
  /** Samples after which such a slot is given to another input. ≥ 1. Default 1,000. */
  readonly trialSamples?: number;
  /** Samples for each new slot: after the start at most one slot is made in this many. ≥ 1. Default 20. */
  readonly samplesPerSlot?: number;
  /** New slots that may come at once, saved up while none came. ≥ 1. Default 64. */
  readonly slotsAtOnce?: number;
  /** Slots from which on a new input takes the slot of one that is not seen any more: ≥ 0. Default 256. */
  readonly recycleFrom?: number;
  /** Samples without an input after which it is not seen any more. ≥ 1. Default 10,000. */
  readonly staleAfter?: number;
}

/** {@link NewInputOptions}, complete. */
export type NewInputLimits = Required<NewInputOptions>;

/** What was left out of samples, or lost its slot: told once a burst of such inputs. */
export interface NewInputsReport {
  /** Samples encoded so far. */
  readonly samples: number;
  /** Values left out of this burst so far, because their names or categories had not recurred. */
  readonly leftOut: number;
  /** Slots of this burst that were reassigned from an input that did not recur, or was not seen any more. */
  readonly recycled: number;
  /** The first few of those that were left out or came to a slot of another, such as `user=x1`. */
  readonly examples: readonly string[];
}

/** The event of a report, at `step` learned samples. */
export const newInputsEvent = (report: NewInputsReport, step: number): StreamEvent => {
  const { leftOut, recycled, examples } = report;
  const shown = examples.map((name) => JSON.stringify(name)).join(', ');
  const message =
    recycled > 0
      ? `${recycled} inputs that did not recur were replaced by new ones, and ${leftOut} new values left out: ${shown}`
      : `${leftOut} values of new names and categories were left out, since they do not recur: ${shown}`;
  return { kind: 'overload', step, message, detail: { ...report } };
};

/** Throws a RangeError if an option is invalid. */
export const checkedNewInputs = (options: NewInputOptions): NewInputLimits => {
  const limits = { ...newInputDefaults, ...options };
  const { freeSamples, freeSlots, trialSlots, recycleFrom, ...others } = limits;
  requireCounts({ freeSamples, freeSlots, trialSlots, recycleFrom }, 0);
  requireCounts(others, 1);
  requireWhole('sightings', limits.sightings, [1, 255]);
  return limits;
};

const newInputDefaults: NewInputLimits = {
  freeSamples: 500,
  freeSlots: 512,
  sightings: 3,
  trialSlots: 8,
  trialSamples: 1_000,
  samplesPerSlot: 20,
  slotsAtOnce: 64,
  recycleFrom: 256,
  staleAfter: 10_000,
};

/** Throws a RangeError if a count is not a whole number of at least `least`. */
export const requireCounts = (counts: Readonly<Record<string, number>>, least: number): void => {
  for (const [name, value] of Object.entries(counts))
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`${name}: expected a whole number of at least ${least}, got ${value}`);
};
