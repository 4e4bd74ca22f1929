import type { RecordReader } from './record.ts';
import { addSlot, type Slot, type SlotIndex } from './slots.ts';
import { CYCLES } from './timestamp.ts';

/** How many slots there may be; above it things share slots by their hash. */
export interface SlotLimits {
  /** All slots together, the shared ones included: the largest length of x. Default 16,384. */
  readonly slotsMax: number;
  /** Text values of one feature that have a slot of their own. Default 1,000. */
  readonly valuesMax: number;
  /** Slots that the values above `valuesMax` share, and the names above `slotsMax`. Default 64. */
  readonly hashSlots: number;
}

/** Longer texts share slots at once: values are kept for ever. In UTF-16 units. */
const VALUE_LENGTH_MAX = 256;

/** Makes the slots that values need and do not have. */
export class SlotMaker implements RecordReader {
  readonly #slots: Slot[];
  readonly #index: SlotIndex;
  readonly #limits: SlotLimits;

  constructor(slots: Slot[], index: SlotIndex, limits: SlotLimits) {
    this.#slots = slots;
    this.#index = index;
    this.#limits = limits;
  }

  number(name: string): void {
    if ((this.#index.features.get(name)?.number ?? -1) >= 0) return;
    if (this.#hasRoomFor(1)) this.#add(name, 'number', '');
  }

  text(name: string, value: string): void {
    const { valuesMax } = this.#limits;
    const known = this.#index.features.get(name);
    if (known?.values.has(value) || (known?.hash.first ?? -1) >= 0) return;
    if (value.length > VALUE_LENGTH_MAX || (known?.values.size ?? 0) >= valuesMax)
      this.#makeHashed(name);
    else if (this.#hasRoomFor(1)) this.#add(name, 'value', value);
  }

  instant(name: string): void {
    if ((this.#index.features.get(name)?.cycle ?? -1) >= 0) return;
    if (this.#hasRoomFor(CYCLES.length)) for (const hand of CYCLES) this.#add(name, 'cycle', hand);
  }

  missing(): void {}

  #makeHashed(name: string): void {
    const { hashSlots } = this.#limits;
    if (this.#hasRoomFor(hashSlots)) this.#addShared(name, 'hash', hashSlots);
  }

  #add(feature: string, kind: Slot['kind'], value: string): void {
    addSlot(this.#slots, this.#index, { feature, kind, value });
  }

  #addShared(feature: string, kind: 'hash' | 'overflow', count: number): void {
    for (let i = 0; i < count; i += 1) this.#add(feature, kind, String(i));
  }

  /** The room for the overflow is kept free until it is needed; with it, the list is closed. */
  #hasRoomFor(count: number): boolean {
    const { slotsMax, hashSlots } = this.#limits;
    if (this.#index.overflow.first >= 0) return false;
    if (this.#slots.length + count + hashSlots <= slotsMax) return true;
    this.#addShared('', 'overflow', hashSlots);
    return false;
  }
}
