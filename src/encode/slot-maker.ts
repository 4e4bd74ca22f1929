import { hashText } from './hash.ts';
import type { Newcomers, Placing } from './newcomers.ts';
import type { RecordReader } from './record.ts';
import { addSlot, replaceSlot, type Slot, type SlotIndex } from './slots.ts';
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
  readonly #newcomers: Newcomers;
  readonly #limits: SlotLimits;
  /** Positions that were given to another input, since somebody emptied it. */
  recycled: number[] = [];

  constructor(
    slots: Slot[],
    { index, newcomers }: { readonly index: SlotIndex; readonly newcomers: Newcomers },
    limits: SlotLimits,
  ) {
    this.#slots = slots;
    this.#index = index;
    this.#newcomers = newcomers;
    this.#limits = limits;
  }

  number(name: string): void {
    if ((this.#index.features.get(name)?.number ?? -1) < 0) this.#make(name, 'number', ['']);
  }

  text(name: string, value: string): void {
    const { valuesMax } = this.#limits;
    const known = this.#index.features.get(name);
    if (known?.values.has(value) || (known?.hash.first ?? -1) >= 0) return;
    if (value.length > VALUE_LENGTH_MAX || (known?.values.size ?? 0) >= valuesMax)
      this.#make(name, 'hash', this.#shared());
    else this.#make(name, 'value', [value]);
  }

  instant(name: string): void {
    if ((this.#index.features.get(name)?.cycle ?? -1) < 0) this.#make(name, 'cycle', CYCLES);
  }

  missing(): void {}

  /** Slots of one feature, if it is time for them and there is room. */
  #make(feature: string, kind: Exclude<Slot['kind'], 'overflow'>, values: readonly string[]): void {
    if (this.#index.overflow.first >= 0) return;
    const slot = { feature, kind, value: values[0]! };
    const key = hashText(slot.value, hashText(feature, hashText(kind)));
    const placing = this.#newcomers.place(slot, key, values.length);
    if (placing === undefined) return;
    if (placing.position >= 0) this.#replace(slot, placing);
    else if (this.#hasRoomFor(values.length)) {
      for (const value of values) {
        const position = addSlot(this.#slots, this.#index, { feature, kind, value });
        this.#newcomers.placed(position, placing);
      }
    }
  }

  #replace(slot: Slot, placing: Placing): void {
    const { position } = placing;
    replaceSlot(this.#slots, this.#index, { position, slot });
    this.#newcomers.placed(position, placing);
    this.recycled.push(position);
  }

  #shared(): string[] {
    return Array.from({ length: this.#limits.hashSlots }, (_, i) => String(i));
  }

  /** Capacity for the overflow is reserved until it is needed; with it, the list is closed. */
  #hasRoomFor(count: number): boolean {
    const { slotsMax, hashSlots } = this.#limits;
    if (this.#slots.length + count + hashSlots <= slotsMax) return true;
    for (const value of this.#shared())
      addSlot(this.#slots, this.#index, { feature: '', kind: 'overflow', value });
    return false;
  }
}
