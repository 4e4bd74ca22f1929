import { type Example, featuresOf } from '../sources/example.ts';
import type { Sample } from '../sources/sample.ts';
import { badWeight, isTarget, isWeight } from '../sources/sample-range.ts';
import { SampleError } from '../stream/rejection.ts';
import type { Applicable } from '../stream/stateful.ts';
import {
  checkedNewInputs,
  type NewInputOptions,
  type NewInputsReport,
  requireCounts,
} from './new-inputs.ts';
import { initialNewcomers, type NewcomersMemory } from './newcomers.ts';
import { type RecordSettings, RecordVectors } from './record-vectors.ts';
import type { SlotLimits } from './slot-maker.ts';
import { type Slot, slotName } from './slots.ts';
import { isUnlabelled, type Task } from './task.ts';

/** The classes of a stream by their names, each with its one-hot vector. */
class ClassVectors {
  readonly #names: string[];
  /** By the target as it came, so that the usual one needs no conversion to text. */
  readonly #positions = new Map<unknown, number>();
  #count: number;
  readonly #vectors: (readonly number[])[] = [];

  /** Works on `names` itself: a new class is pushed to it. */
  constructor(names: string[]) {
    this.#names = names;
    this.#count = names.length;
    for (const [position, name] of names.entries()) this.#positions.set(name, position);
  }

  /** Whether it speaks of this list, and the list is as it left it. */
  isOf(names: string[]): boolean {
    return names === this.#names && names.length === this.#count;
  }

  /** How many classes there are. */
  get count(): number {
    return this.#count;
  }

  /** The position of a class; −1: not seen yet. */
  find(target: unknown): number {
    const known = this.#positions.get(target);
    if (known !== undefined) return known;
    const position = this.#positions.get(String(target)) ?? -1;
    if (position >= 0) this.#positions.set(target, position);
    return position;
  }

  /** The position of a class, which is a new one if it was not seen yet. */
  add(target: unknown): number {
    const position = this.find(target);
    if (position >= 0) return position;
    this.#count = this.#names.push(String(target));
    this.#positions.set(String(target), this.#count - 1);
    return this.#count - 1;
  }

  /**
   * The one-hot vector of a class, a new one each time. Frozen ones that are shared would be read more slowly.
   * It has at least two numbers: a single one would be read as the probability of class 1.
   */
  vector(position: number): number[] {
    const length = Math.max(2, this.#count);
    const known = this.#vectors[position];
    if (known?.length === length) return known.slice();
    const fresh = oneHot(position, length);
    this.#vectors[position] = fresh;
    return fresh.slice();
  }
}

const oneHot = (position: number, length: number): number[] =>
  Array.from({ length }, (_, i) => (i === position ? 1 : 0));

/** The target of a regression; a SampleError if it is no number from −1e15 to 1e15. */
const numberTarget = ({ target }: Example): number => {
  if (typeof target === 'number' && isTarget(target)) return target;
  const reason = `the target is ${shown(target)}: expected a number from -1e15 to 1e15`;
  throw new SampleError('label', reason);
};

/** Refuses what can be no class: a number that is not finite, an object, a very long text. */
const checkClass = ({ target }: Example): void => {
  const isClass =
    typeof target === 'boolean' ||
    (typeof target === 'number' && Number.isFinite(target)) ||
    (typeof target === 'string' && target.length <= CLASS_NAME_LENGTH_MAX);
  if (isClass) return;
  throw new SampleError(
    'label',
    `the target is ${shown(target)}: expected a class, a text of at most ${CLASS_NAME_LENGTH_MAX} characters, a number or a boolean`,
  );
};

/** How long the name of a class may be, in UTF-16 units: names are kept for ever. */
const CLASS_NAME_LENGTH_MAX = 256;

const shown = (target: unknown): string => {
  if (typeof target === 'string') return JSON.stringify(target.slice(0, 40));
  return typeof target === 'object' ? 'an object' : String(target);
};

/** The options of an encoder, complete. */
interface EncodingSettings extends RecordSettings {
  readonly task: Task | undefined;
  readonly classesMax: number;
  /** Told of new inputs that were left out, or took the slots of others. */
  readonly reported: { next(report: NewInputsReport): void } | undefined;
}

/** What an encoding works on. */
interface Remembered {
  readonly slots: Slot[];
  readonly classes: string[];
  /** Absent in a memory of an earlier version. */
  newcomers?: NewcomersMemory;
}

/** An encoder's memory with all that makes it quick to use; that follows from the memory alone. */
class Encoding {
  readonly #settings: EncodingSettings;
  readonly #records: RecordVectors;
  readonly #classes: ClassVectors;

  /** Works on the memory itself. */
  constructor(memory: Remembered, settings: EncodingSettings) {
    this.#settings = settings;
    memory.newcomers ??= initialNewcomers();
    this.#records = new RecordVectors(memory.slots, memory.newcomers, settings);
    this.#classes = new ClassVectors(memory.classes);
  }

  /** Whether it speaks of this memory, and the memory is as it left it. */
  isOf({ slots, classes, newcomers }: Remembered): boolean {
    return this.#records.isOf(slots, newcomers) && this.#classes.isOf(classes);
  }

  /** The sample as far as it is known; changes nothing. */
  apply(example: Example): Sample {
    const x = this.#records.vector(featuresOf(example));
    return this.#sample(
      new EncodedSample(example, x, this.#knownTarget(example)),
      this.#classes.count,
    );
  }

  /** The sample, with new slots and classes for what is new. Nothing has changed if it throws. */
  update(example: Example): Sample {
    const features = featuresOf(example);
    const x = this.#records.vector(features);
    this.#checkRoom(example);
    checkWeight(example);
    checkId(example);
    const { count } = this.#classes;
    if (!this.#records.isWhole) return this.#sample(this.#withNew(example, features), count);
    this.#records.take(x);
    return this.#sample(new EncodedSample(example, x, this.#target(example)), count);
  }

  #withNew(example: Example, features: object): EncodedSample {
    const { x, forgotten } = this.#records.takeWithNew(features);
    const { reported } = this.#settings;
    const report = reported && this.#records.report();
    if (report) reported.next(report);
    return new EncodedSample(example, x, this.#target(example), forgotten);
  }

  /** The sample, which knows how many classes had appeared before it. */
  #sample(sample: EncodedSample, classCount: number): Sample {
    if (this.#settings.task === 'classification') sample.classCount = classCount;
    return sample;
  }

  #knownTarget(example: Example): readonly number[] | undefined {
    const { task } = this.#settings;
    if (task === undefined || isUnlabelled(example)) return undefined;
    if (task === 'regression') return [numberTarget(example)];
    checkClass(example);
    const position = this.#classes.find(example.target);
    return position < 0 ? undefined : this.#classes.vector(position);
  }

  /** y, after {@link #checkRoom}. */
  #target(example: Example): readonly number[] | undefined {
    const { task } = this.#settings;
    if (task === undefined || isUnlabelled(example)) return undefined;
    if (task === 'regression') return [numberTarget(example)];
    return this.#classes.vector(this.#classes.add(example.target));
  }

  #checkRoom(example: Example): void {
    const { task, classesMax } = this.#settings;
    if (task === undefined || isUnlabelled(example)) return;
    if (task === 'regression') {
      numberTarget(example);
      return;
    }
    checkClass(example);
    if (this.#classes.count >= classesMax && this.#classes.find(example.target) < 0)
      throw tooManyClasses(example.target, classesMax);
  }
}

const tooManyClasses = (target: unknown, classesMax: number): SampleError =>
  new SampleError(
    'label',
    `${JSON.stringify(String(target).slice(0, 40))} would be a new class, and there are ${classesMax} already: raise classesMax, or predict a number`,
  );

const checkWeight = ({ weight }: Example): void => {
  if (weight !== undefined && !isWeight(weight)) throw badWeight(weight);
};

/** Later stages keep ids and look them up: an object would be kept with all that it refers to. */
const checkId = ({ id }: Example): void => {
  if (id === undefined || typeof id === 'string' || typeof id === 'number') return;
  throw new SampleError('value', `id is a ${typeof id}: expected a text`);
};

/** Of a class, as MadeExample is: the samples of a burst are alive at once. */
class EncodedSample implements Sample {
  readonly x: readonly number[];
  // Declared alone: a field that is not set is not there.
  declare readonly y?: readonly number[];
  declare classCount?: number;
  declare readonly id?: string;
  declare readonly line?: number;
  declare readonly time?: number;
  declare readonly weight?: number;
  declare readonly forgotten?: readonly number[];

  constructor(
    { id, line, time, weight }: Example,
    x: readonly number[],
    y: readonly number[] | undefined,
    forgotten?: readonly number[],
  ) {
    this.x = x;
    if (y !== undefined) this.y = y;
    if (id !== undefined) this.id = id;
    if (line !== undefined) this.line = line;
    if (time !== undefined) this.time = time;
    if (weight !== undefined) this.weight = weight;
    if (forgotten !== undefined) this.forgotten = forgotten;
  }
}

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
