import { readRecord } from './record.ts';
import { type SlotLimits, SlotMaker } from './slot-maker.ts';
import { SlotWriter } from './slot-writer.ts';
import { indexOf, type Slot, type SlotIndex } from './slots.ts';

/** Turns records into vectors over one list of slots. */
export class RecordVectors {
  readonly #slots: Slot[];
  readonly #index: SlotIndex;
  readonly #writer: SlotWriter;
  readonly #maker: SlotMaker;

  /** Works on `slots` itself: a new slot is pushed to it. */
  constructor(slots: Slot[], limits: SlotLimits) {
    this.#slots = slots;
    this.#index = indexOf(slots);
    this.#writer = new SlotWriter(this.#index);
    this.#maker = new SlotMaker(slots, this.#index, limits);
  }

  /** Whether it speaks of this list, and the list is as it left it. */
  isOf(slots: Slot[]): boolean {
    return slots === this.#slots && slots.length === this.#index.empty.length;
  }

  /** x of a record; what has no slot is left out. Throws a SampleError if the record is bad. */
  vector(record: object): number[] {
    const x = this.#index.empty.slice();
    this.#writer.write(record, x);
    return x;
  }

  /** Whether the latest record had something in it that has no slot. */
  get hasUnknown(): boolean {
    return this.#writer.hasUnknown;
  }

  /** Makes the slots that a record needs. Only for a record that {@link vector} has accepted. */
  makeSlots(record: object): void {
    readRecord(record, this.#maker);
  }
}
