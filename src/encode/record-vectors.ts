import { SampleError } from '../stream/rejection.ts';
import { hashText } from './hash.ts';
import type { NewInputLimits, NewInputsReport } from './new-inputs.ts';
import { Newcomers, type NewcomersMemory } from './newcomers.ts';
import { type RecordReader, readRecord, readTopValue } from './record.ts';
import { type SlotLimits, SlotMaker } from './slot-maker.ts';
import { type FeatureSlots, indexOf, type Slot, type SlotBlock, type SlotIndex } from './slots.ts';
import { writeCycles } from './timestamp.ts';

/** How long the name of a feature may be, in UTF-16 units: names are kept for ever. */
const NAME_LENGTH_MAX = 256;

/** The number of positions of a record whose last names are remembered. */
const LAYOUT_MAX = 4_096;

/** Writes values where their slots are. */
class SlotWriter implements RecordReader {
  readonly #index: SlotIndex;
  readonly #featuresMax: number;
  // Records of one source have the same names in the same order: comparing a name with the one that
  // was there last time costs a third of looking it up.
  readonly #namesByPosition: string[] = [];
  readonly #featuresByPosition: FeatureSlots[] = [];
  #position = 0;
  #x: number[] = [];
  /** Whether there was something in the latest record that has no slot. */
  hasUnknown = false;

  constructor(index: SlotIndex, featuresMax: number) {
    this.#index = index;
    this.#featuresMax = featuresMax;
  }

  /** Forgets which features lay where: slots have changed. */
  forgetLayout(): void {
    this.#namesByPosition.length = 0;
    this.#featuresByPosition.length = 0;
  }

  /** Writes the values of a record to `x`. Throws a SampleError if the record is bad. */
  write(record: object, x: number[]): void {
    this.#x = x;
    this.#position = 0;
    this.hasUnknown = false;
    // Numbers that lie where they lay last time are all that most records have.
    const names = this.#namesByPosition;
    const features = this.#featuresByPosition;
    for (const name in record) {
      const value = (record as Record<string, unknown>)[name];
      const position = this.#position;
      const slot = name === names[position] ? features[position]!.number : -1;
      if (slot >= 0 && typeof value === 'number' && Number.isFinite(value)) {
        x[slot] = value;
        this.#position = position + 1;
      } else readTopValue(name, value, this);
    }
    if (this.#position > this.#featuresMax) throw tooMany(this.#featuresMax);
  }

  missing(): void {
    this.#step();
  }

  number(name: string, value: number): void {
    const slot = this.#feature(name)?.number ?? -1;
    if (slot >= 0) this.#x[slot] = value;
    else this.#share(name, '', value);
  }

  text(name: string, value: string): void {
    const feature = this.#feature(name);
    const slot = feature?.values.get(value);
    if (slot !== undefined) this.#x[slot] = 1;
    else if (feature !== undefined && feature.hash.first >= 0)
      this.#x[sharedSlot(feature.hash, value)] = 1;
    else this.#share(name, value, 1);
  }

  instant(name: string, ms: number): void {
    const slot = this.#feature(name)?.cycle ?? -1;
    if (slot >= 0) writeCycles(this.#x, slot, ms);
    else this.#share(name, '', 0);
  }

  #feature(name: string): FeatureSlots | undefined {
    const position = this.#position;
    this.#step();
    if (this.#namesByPosition[position] === name) return this.#featuresByPosition[position];
    const feature = this.#index.features.get(name);
    const canRemember = position <= this.#namesByPosition.length && position < LAYOUT_MAX;
    if (feature !== undefined && canRemember) {
      this.#namesByPosition[position] = name;
      this.#featuresByPosition[position] = feature;
    }
    return feature;
  }

  #step(): void {
    this.#position += 1;
    if (this.#position > this.#featuresMax) throw tooMany(this.#featuresMax);
  }

  /** Names that share a slot add up, so that none of them hides another. */
  #share(name: string, text: string, value: number): void {
    if (name.length > NAME_LENGTH_MAX) throw longName(name);
    const { overflow } = this.#index;
    if (overflow.first < 0) {
      this.hasUnknown = true;
      return;
    }
    const slot = sharedSlot(overflow, text, hashText(name));
    const sum = this.#x[slot]! + value;
    if (Number.isFinite(sum)) this.#x[slot] = sum;
  }
}

const sharedSlot = ({ first, count }: SlotBlock, text: string, seed?: number): number =>
  first + (hashText(text, seed) % count);

const tooMany = (featuresMax: number): SampleError =>
  new SampleError(
    'value',
    `the record has more than ${featuresMax} features: send fewer, or raise featuresMax`,
  );

const longName = (name: string): SampleError =>
  new SampleError(
    'value',
    `the name of feature "${name.slice(0, 40)}…" has ${name.length} characters: expected at most ${NAME_LENGTH_MAX}`,
  );

/** How records become vectors. */
export interface RecordSettings extends SlotLimits {
  /** Values that one record may have; one with more is refused. */
  readonly featuresMax: number;
  readonly newInputs: NewInputLimits;
  /** Whether a slot may be given to another input: the learner must then forget the one before. */
  readonly recycles: boolean;
}

/** A record as a vector. */
export interface RecordVector {
  readonly x: number[];
  /** Positions that stand for another input from this record on. Absent: there are none. */
  readonly forgotten?: readonly number[];
}

/** Turns records into vectors over one list of slots. */
export class RecordVectors {
  readonly #slots: Slot[];
  readonly #index: SlotIndex;
  readonly #writer: SlotWriter;
  readonly #maker: SlotMaker;
  readonly #newcomers: Newcomers;

  /** Works on `slots` itself, where new slots are pushed or take the place of others; and on `memory`. */
  constructor(slots: Slot[], memory: NewcomersMemory, settings: RecordSettings) {
    this.#slots = slots;
    this.#index = indexOf(slots);
    this.#newcomers = new Newcomers(memory, slots, {
      limits: settings.newInputs,
      recycles: settings.recycles,
    });
    this.#writer = new SlotWriter(this.#index, settings.featuresMax);
    this.#maker = new SlotMaker(
      slots,
      { index: this.#index, newcomers: this.#newcomers },
      settings,
    );
  }

  /** Whether it speaks of this list and this memory, and the list is as it left it. */
  isOf(slots: Slot[], memory: NewcomersMemory | undefined): boolean {
    const isSame = slots === this.#slots && memory === this.#newcomers.memory;
    return isSame && slots.length === this.#index.empty.length;
  }

  /** x of a record; what has no slot is left out. Throws a SampleError if the record is bad. */
  vector(record: object): number[] {
    const x = this.#index.empty.slice();
    this.#writer.write(record, x);
    return x;
  }

  /** Whether {@link vector} has left nothing out of the latest record. */
  get isWhole(): boolean {
    return !this.#writer.hasUnknown;
  }

  /** Takes a record of which x is the whole. */
  take(x: number[]): void {
    this.#newcomers.begin();
    this.#newcomers.end(x, this.#index.empty);
  }

  /** Takes a record that {@link vector} has just accepted, and makes the slots that it needs. */
  takeWithNew(record: object): RecordVector {
    const newcomers = this.#newcomers;
    newcomers.begin();
    readRecord(record, this.#maker);
    const { recycled } = this.#maker;
    if (recycled.length > 0) {
      this.#maker.recycled = [];
      this.#writer.forgetLayout();
    }
    const whole = this.vector(record);
    newcomers.end(whole, this.#index.empty);
    return recycled.length > 0 ? { x: whole, forgotten: recycled } : { x: whole };
  }

  /** The report of new inputs, if there is one. */
  report(): NewInputsReport | undefined {
    return this.#newcomers.report();
  }
}
