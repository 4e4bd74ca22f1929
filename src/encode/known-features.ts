import { type RecordReader, readRecord } from './record.ts';
import type { Slot } from './slots.ts';

/** Features of a row that a model does not know, as misspelt ones, beside those that it knows. */
export interface UnknownFeatures {
  /** Names of the row that no feature of the model has: at most 20. */
  readonly names: readonly string[];
  /** Names that the model knows: at most 100. */
  readonly known: readonly string[];
}

/** How many names are reported of each kind. */
const [namesMax, knownMax] = [20, 100];

/** The names of the features that have slots. */
export class KnownFeatures {
  #names = new Set<string>();
  #hasShared = false;
  #slots: readonly Slot[] = [];
  #count = -1;
  #recycled = -1;

  /**
   * The features of a row that have a value and no slot; undefined where all have one, or where names
   * share slots, so that each may have one. `recycled` is how often a slot was given to another feature.
   */
  unknownIn(
    features: object,
    { slots, recycled }: { readonly slots: readonly Slot[]; readonly recycled: number },
  ): UnknownFeatures | undefined {
    this.#follow(slots, recycled);
    if (this.#hasShared) return undefined;
    const unknown = new Set<string>();
    const take = (name: string): void => {
      if (!this.#names.has(name) && unknown.size < namesMax) unknown.add(name);
    };
    const reader: RecordReader = { number: take, text: take, instant: take, missing() {} };
    readRecord(features, reader);
    if (unknown.size === 0) return undefined;
    return { names: [...unknown], known: [...this.#names].slice(0, knownMax) };
  }

  #follow(slots: readonly Slot[], recycled: number): void {
    if (slots === this.#slots && slots.length === this.#count && recycled === this.#recycled)
      return;
    this.#slots = slots;
    this.#count = slots.length;
    this.#recycled = recycled;
    this.#names = new Set(slots.map(({ feature }) => feature));
    this.#hasShared = slots.some(({ kind }) => kind === 'overflow');
  }
}
