import { SampleError } from '../stream/rejection.ts';
import { hashText } from './hash.ts';
import { type RecordReader, readTopValue } from './record.ts';
import type { FeatureSlots, SlotBlock, SlotIndex } from './slots.ts';
import { writeCycles } from './timestamp.ts';

/** How long the name of a feature may be, in UTF-16 units: names are kept for ever. */
export const NAME_LENGTH_MAX = 256;

/** At so many positions of a record the name that was there last time is remembered. */
const LAYOUT_MAX = 4_096;

/** Writes values where their slots are. */
export class SlotWriter implements RecordReader {
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
