import { CYCLES } from './timestamp.ts';

/** What one position of x stands for. */
export type Slot = {
  /** The name of the feature, as in the record. */
  readonly feature: string;
  /**
   * `number`: the number itself, or a boolean as 0 or 1. `value`: 1 where the feature is the text
   * in `value`. `cycle`: a clock hand of a timestamp, named in `value`. `hash`: shared by the
   * values of the feature that have no slot of their own; `overflow`: by the names that have none.
   */
  readonly kind: 'number' | 'value' | 'cycle' | 'hash' | 'overflow';
  /** The category that it stands for, where it is of one. */
  readonly value: string;
};

/** Neighbouring slots that share what hashes to them; `first` is −1 while there are none. */
export interface SlotBlock {
  first: number;
  count: number;
}

/** Where the values of one feature go; −1: there is no such slot yet. */
export interface FeatureSlots {
  number: number;
  /** The first of the four slots of a timestamp. */
  cycle: number;
  /** The slots that values share when there are too many. */
  readonly hash: SlotBlock;
  /** Each text value's own slot. */
  readonly values: Map<string, number>;
}

/** The slots, found by name and by value: all of it follows from the list of slots. */
export interface SlotIndex {
  readonly features: Map<string, FeatureSlots>;
  /** The slots that names share once the others are used up. */
  readonly overflow: SlotBlock;
  /** x of an example without any feature: NaN (missing) for numbers, 0 (absent) for the others. */
  readonly empty: number[];
}

/** A numeric slot or a clock hand without a value is missing; a category without one is absent. */
const emptyValue = ({ kind }: Slot): number => (kind === 'number' || kind === 'cycle' ? NaN : 0);

/** Adds a slot to the list and to the index; returns its position. */
export const addSlot = (slots: Slot[], index: SlotIndex, slot: Slot): number => {
  const position = slots.push(slot) - 1;
  enter(index, slot, position);
  return position;
};

/** Gives a position of the list and of the index to another slot. */
export const replaceSlot = (
  slots: Slot[],
  index: SlotIndex,
  { position, slot }: { readonly position: number; readonly slot: Slot },
): void => {
  leave(index, slots[position]!);
  slots[position] = slot;
  index.empty[position] = emptyValue(slot);
  place(index, slot, position);
};

/** The index of a list of slots. */
export const indexOf = (slots: readonly Slot[]): SlotIndex => {
  const index: SlotIndex = { features: new Map(), overflow: emptyBlock(), empty: doubles() };
  for (const [position, slot] of slots.entries()) enter(index, slot, position);
  return index;
};

/** The slots of a feature, made empty if there are none. */
export const featureSlots = (index: SlotIndex, name: string): FeatureSlots => {
  const known = index.features.get(name);
  if (known !== undefined) return known;
  const fresh: FeatureSlots = { number: -1, cycle: -1, hash: emptyBlock(), values: new Map() };
  index.features.set(name, fresh);
  return fresh;
};

/** What people call a slot: `temperature`, `room=kitchen`, `at:daySin`, `room#3`. */
export const slotName = ({ feature, kind, value }: Slot): string =>
  kind === 'number' ? feature : `${feature}${SEPARATORS[kind]}${value}`;

const SEPARATORS = { value: '=', cycle: ':', hash: '#', overflow: '#' } as const;

/** An empty array that the engine stores as plain doubles, also when the first number is a 0. */
const doubles = (): number[] => {
  const array = [0.5];
  array.length = 0;
  return array;
};

const emptyBlock = (): SlotBlock => ({ first: -1, count: 0 });

const enter = (index: SlotIndex, slot: Slot, position: number): void => {
  index.empty.push(emptyValue(slot));
  place(index, slot, position);
};

const place = (index: SlotIndex, slot: Slot, position: number): void => {
  if (slot.kind === 'overflow') {
    extend(index.overflow, position);
    return;
  }
  const of = featureSlots(index, slot.feature);
  if (slot.kind === 'number') of.number = position;
  else if (slot.kind === 'value') of.values.set(slot.value, position);
  else if (slot.kind === 'hash') extend(of.hash, position);
  else if (slot.value === CYCLES[0]) of.cycle = position;
};

/** Takes a slot of a number or of a value out of the index, and its feature if it has no other. */
const leave = ({ features }: SlotIndex, { feature, kind, value }: Slot): void => {
  const of = features.get(feature);
  if (of === undefined) return;
  if (kind === 'number') of.number = -1;
  else of.values.delete(value);
  if (of.number < 0 && of.cycle < 0 && of.hash.first < 0 && of.values.size === 0)
    features.delete(feature);
};

const extend = (block: SlotBlock, position: number): void => {
  if (block.first < 0) block.first = position;
  block.count += 1;
};
