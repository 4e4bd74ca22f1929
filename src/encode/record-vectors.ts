import type { NewInputLimits, NewInputsReport } from './new-inputs.ts';
import { Newcomers, type NewcomersMemory } from './newcomers.ts';
import { readRecord } from './record.ts';
import { type SlotLimits, SlotMaker } from './slot-maker.ts';
import { SlotWriter } from './slot-writer.ts';
import { indexOf, type Slot, type SlotIndex } from './slots.ts';

/** How records become vectors. */
export interface RecordSettings extends SlotLimits {
  /** Values that one record may have; one with more is refused. */
  readonly featuresMax: number;
  readonly newInputs: NewInputLimits;
  /** Whether a slot may be given to another input: whoever learns must then forget the one before. */
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

  /** What is to be told of new inputs. */
  report(): NewInputsReport | undefined {
    return this.#newcomers.report();
  }
}
