import type { Example } from '../sources/example.ts';
import type { Sample } from '../sources/sample.ts';
import type { Applicable } from '../stream/stateful.ts';
import { Encoding, type EncodingSettings } from './encoding.ts';
import {
  checkedNewInputs,
  type NewInputOptions,
  type NewInputsReport,
  requireCounts,
} from './new-inputs.ts';
import { initialNewcomers, type NewcomersMemory } from './newcomers.ts';
import type { SlotLimits } from './slot-maker.ts';
import { type Slot, slotName } from './slots.ts';
import type { Task } from './task.ts';

/** What an encoder remembers: what each position of x stands for, and of y if those are classes. */
export type EncoderMemory = {
  readonly slots: Slot[];
  readonly classes: string[];
  /** Of inputs that are new. Absent in a memory of an earlier version. */
  newcomers?: NewcomersMemory;
};

/** Options of {@link encoder}. */
export interface EncoderOptions extends Partial<SlotLimits> {
  /** What the target is. Absent: there is none; every example is learned, and no sample has a y. */
  readonly task?: Task;
  /** How many classes there may be; an example of one more is refused. Default 1,000. */
  readonly classesMax?: number;
  /** How many values a record may have; one with more is refused. Default 16,384. */
  readonly featuresMax?: number;
  /** How names and categories that are new come to have slots once a stream has begun. */
  readonly newInputs?: NewInputOptions;
  /**
   * Whether the slot of an input that is not seen any more may be given to another. Its position is
   * in `forgotten` of the sample, and whatever learns must forget it. Default false.
   */
  readonly recycles?: boolean;
  /** Told, once a burst, of new inputs that were left out or took the slots of others. */
  readonly reported?: { next(report: NewInputsReport): void };
}

/**
 * Turns records into vectors; nothing is declared beforehand. Slots are made as names and values
 * appear, so x only ever grows, at its end: a slot for the numbers of a feature, one for each of its
 * texts, four clock hands for its timestamps; what counts as what, `record.ts` says. x is raw, to be
 * standardised: NaN where a number is missing (it means: the mean), 0 where a category is
 * absent. A class becomes a one-hot vector; a class not yet seen lengthens it.
 *
 * Once a stream has begun, a name or a text must recur to have a slot (`newInputs`); with `recycles` the
 * slot of one that is not seen any more is given to another, and `forgotten` of the sample says so.
 *
 * Memory is bounded: at most `slotsMax` names and texts of 256 characters, and `classesMax` classes.
 * What comes beyond shares slots by its hash.
 *
 * An example without target has no y, and may bring new slots like any other. `apply`, which is for
 * mere questions, leaves out of x what has no slot.
 */
export const encoder = (
  options: EncoderOptions = {},
): Applicable<EncoderMemory, Example, Sample> => {
  const settings = checked(options);
  const encodings = new WeakMap<EncoderMemory, Encoding>();
  // To look it up takes a tenth of the time that a record does.
  let latest: Encoding | undefined;
  const encodingOf = (memory: EncoderMemory): Encoding => {
    if (latest?.isOf(memory)) return latest;
    const known = encodings.get(memory);
    latest = known?.isOf(memory) ? known : new Encoding(memory, settings);
    encodings.set(memory, latest);
    return latest;
  };
  return {
    name: 'encoder',
    initial: () => ({ slots: [], classes: [], newcomers: initialNewcomers() }),
    apply: (memory, example) => encodingOf(memory).apply(example),
    update: (memory, example) => encodingOf(memory).update(example),
  };
};

/** What the positions of x stand for, as people call it: `temperature`, `room=kitchen`. */
export const slotNames = ({ slots }: EncoderMemory): string[] => slots.map(slotName);

/** The classes in the order of the positions of y. */
export const classNames = ({ classes }: EncoderMemory): readonly string[] => [...classes];

const checked = ({
  task,
  slotsMax = 16_384,
  valuesMax = 1_000,
  hashSlots = 64,
  classesMax = 1_000,
  featuresMax = 16_384,
  newInputs = {},
  recycles = false,
  reported,
}: EncoderOptions): EncodingSettings => {
  if (task !== undefined && task !== 'classification' && task !== 'regression')
    throw new TypeError(`task: expected 'classification' or 'regression', got ${String(task)}`);
  const settings = { slotsMax, valuesMax, hashSlots, classesMax, featuresMax };
  requireCounts(settings, 1);
  if (slotsMax < hashSlots)
    throw new RangeError(`slotsMax: expected at least hashSlots (${hashSlots}), got ${slotsMax}`);
  return { task, ...settings, newInputs: checkedNewInputs(newInputs), recycles, reported };
};
