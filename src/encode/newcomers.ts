import type { NewInputLimits, NewInputsReport } from './new-inputs.ts';
import { type Slot, slotName } from './slots.ts';

/** How often inputs without a slot were seen: the latest 4,096 of them, each by a hash. */
type CandidatesMemory = {
  readonly hashes: number[];
  readonly counts: number[];
  next: number;
};

/** No candidates. */
const initialCandidates = (): CandidatesMemory => ({
  hashes: [],
  counts: [],
  next: 0,
});

/** The capacity for candidates: beyond it the oldest is forgotten. */
const candidatesMax = 4_096;

/** Counts of what has no slot. A count of 0 is an empty place. */
class Candidates {
  readonly #memory: CandidatesMemory;
  /** The place of each hash: follows from the memory. */
  readonly #places = new Map<number, number>();

  constructor(memory: CandidatesMemory) {
    this.#memory = memory;
    for (const [place, hash] of memory.hashes.entries())
      if (memory.counts[place]! > 0) this.#places.set(hash, place);
  }

  /** How often it was seen. */
  countOf(hash: number): number {
    const place = this.#places.get(hash);
    return place === undefined ? 0 : this.#memory.counts[place]!;
  }

  /** It was seen once more. */
  see(hash: number): void {
    const { counts } = this.#memory;
    const known = this.#places.get(hash);
    if (known !== undefined) counts[known] = Math.min(255, counts[known]! + 1);
    else this.#add(hash);
  }

  /** It has a slot now. */
  drop(hash: number): void {
    const place = this.#places.get(hash);
    if (place === undefined) return;
    this.#memory.counts[place] = 0;
    this.#places.delete(hash);
  }

  #add(hash: number): void {
    const memory = this.#memory;
    if (memory.next === candidatesMax) memory.next = 0;
    const place = memory.next;
    if ((memory.counts[place] ?? 0) > 0) this.#places.delete(memory.hashes[place]!);
    memory.hashes[place] = hash;
    memory.counts[place] = 1;
    memory.next = place + 1;
    this.#places.set(hash, place);
  }
}

/** What is remembered of new inputs: plain data. */
export type NewcomersMemory = {
  /** Samples encoded. */
  samples: number;
  /** What is saved up for new slots: each costs `samplesPerSlot`. */
  credit: number;
  /** Slots of inputs that have not recurred yet, the oldest first. */
  trials: Trial[];
  /** Inputs without a slot, by how often they were seen. */
  readonly candidates: CandidatesMemory;
  /** When each slot was seen last, in samples; empty while there are few slots. */
  readonly lastSeen: number[];
  /** Slots that were given to another input, in all. */
  recycled: number;
  burst: Burst;
};

type Trial = { readonly position: number; readonly since: number; sightings: number };

type Burst = {
  leftOut: number;
  recycled: number;
  last: number;
  examples: string[];
  isTold: boolean;
};

/** Where a new input goes. */
export interface Placing {
  /** The position of a slot to take over; −1: a new one at the end. */
  readonly position: number;
  /** Whether it has still to recur. */
  readonly isTrial: boolean;
}

const noBurst = (): Burst => ({ leftOut: 0, recycled: 0, last: 0, examples: [], isTold: false });

/** Nothing seen yet. */
export const initialNewcomers = (): NewcomersMemory => ({
  samples: 0,
  credit: 0,
  trials: [],
  candidates: initialCandidates(),
  lastSeen: [],
  recycled: 0,
  burst: noBurst(),
});

/** The number of samples at the start in which any number of slots may be made. */
const wideSamples = 10;
/** Samples without a new input end a burst of them. */
const burstGap = 1_000;
/** So many that are left out are worth telling. */
const burstMin = 100;
const examplesMax = 5;

/**
 * Decides which new inputs get slots, so that names and categories that do not recur cost nothing
 * lasting. Everything is measured in samples, and remembered as plain data.
 */
export class Newcomers {
  readonly memory: NewcomersMemory;
  readonly #slots: readonly Slot[];
  readonly #limits: NewInputLimits;
  readonly #candidates: Candidates;
  /** Whether slots may be given to other inputs. */
  readonly #recycles: boolean;
  readonly #creditMax: number;

  constructor(
    memory: NewcomersMemory,
    slots: readonly Slot[],
    { limits, recycles }: { limits: NewInputLimits; recycles: boolean },
  ) {
    this.memory = memory;
    this.#slots = slots;
    this.#limits = limits;
    this.#recycles = recycles;
    this.#candidates = new Candidates(memory.candidates);
    this.#creditMax = limits.slotsAtOnce * limits.samplesPerSlot;
  }

  /** A sample comes. */
  begin(): void {
    const { memory } = this;
    if (memory.samples === 0) memory.credit = this.#creditMax;
    memory.samples += 1;
    if (memory.credit < this.#creditMax) memory.credit += 1;
  }

  /** Whether, and where, a new input gets its slots: `count` of them. Undefined: it is left out. */
  place(slot: Slot, key: number, count: number): Placing | undefined {
    if (this.#isFree(count)) return { position: -1, isTrial: false };
    const { sightings } = this.#limits;
    const recurs = this.#candidates.countOf(key) + 1 >= sightings;
    const placing = this.#placing(recurs, count);
    if (placing === undefined) {
      this.#candidates.see(key);
      this.#note('leftOut', slot);
      return undefined;
    }
    this.#candidates.drop(key);
    if (placing.position >= 0) this.#note('recycled', slot);
    return placing;
  }

  /** A new input has come to a position. */
  placed(position: number, { isTrial }: Placing): void {
    const { memory } = this;
    memory.trials = memory.trials.filter((trial) => trial.position !== position);
    if (isTrial) memory.trials.push({ position, since: memory.samples, sightings: 0 });
    if (position < memory.lastSeen.length) memory.lastSeen[position] = memory.samples;
  }

  /** A sample is encoded: which inputs are seen in it. */
  end(x: readonly number[], empty: readonly number[]): void {
    const { memory } = this;
    if (memory.trials.length > 0) this.#judge(x, empty);
    if (this.#recycles && x.length >= this.#limits.recycleFrom) this.#see(x, empty);
  }

  /** The report of a burst; undefined: there is none, or it was returned before. */
  report(): NewInputsReport | undefined {
    const { burst, samples } = this.memory;
    if (burst.isTold || (burst.leftOut < burstMin && burst.recycled === 0)) return undefined;
    burst.isTold = true;
    const { leftOut, recycled, examples } = burst;
    return { samples, leftOut, recycled, examples: [...examples] };
  }

  #isFree(count: number): boolean {
    const { samples } = this.memory;
    const { freeSamples, freeSlots } = this.#limits;
    if (samples > freeSamples) return false;
    return samples <= wideSamples || this.#slots.length + count <= freeSlots;
  }

  #placing(recurs: boolean, count: number): Placing | undefined {
    if (recurs) {
      if (!this.#pays(count)) return undefined;
      return { position: count === 1 ? this.#stalest() : -1, isTrial: false };
    }
    if (count > 1) return undefined;
    const { trials, samples } = this.memory;
    const [oldest] = trials;
    const isOver = oldest && samples - oldest.since >= this.#limits.trialSamples;
    // It takes no more room, so that it costs nothing.
    if (this.#recycles && isOver) return { position: oldest.position, isTrial: true };
    if (trials.length >= this.#trialsMax() || !this.#pays(1)) return undefined;
    return { position: this.#stalest(), isTrial: true };
  }

  /** Pays for slots out of what is saved up. Returns false where that is not enough. */
  #pays(count: number): boolean {
    const { memory } = this;
    const price = count * this.#limits.samplesPerSlot;
    // Slots that are many together are paid for afterwards.
    if (memory.credit < Math.min(this.#creditMax, price)) return false;
    memory.credit -= price;
    return true;
  }

  /** In a small model fewer inputs are on trial, since each would cost a larger part. */
  #trialsMax(): number {
    const settled = this.#slots.length - this.memory.trials.length;
    return Math.min(this.#limits.trialSlots, Math.ceil(settled / 4));
  }

  /** The slot that was not seen for longest, if that is long; −1: there is none. */
  #stalest(): number {
    const { lastSeen, samples } = this.memory;
    let oldest = samples - this.#limits.staleAfter;
    let stalest = -1;
    for (let i = 0; i < lastSeen.length; i += 1) {
      const { kind } = this.#slots[i]!;
      if (lastSeen[i]! >= oldest || (kind !== 'number' && kind !== 'value')) continue;
      oldest = lastSeen[i]!;
      stalest = i;
    }
    return stalest;
  }

  #judge(x: readonly number[], empty: readonly number[]): void {
    const { memory } = this;
    let isAny = false;
    for (const trial of memory.trials) {
      if (!isThere(x, empty, trial.position)) continue;
      trial.sightings += 1;
      isAny = true;
    }
    if (!isAny) return;
    memory.trials = memory.trials.filter(({ sightings }) => sightings < this.#limits.sightings);
  }

  #see(x: readonly number[], empty: readonly number[]): void {
    const { memory } = this;
    while (memory.lastSeen.length < x.length) memory.lastSeen.push(memory.samples);
    for (let i = 0; i < x.length; i += 1)
      if (isThere(x, empty, i)) memory.lastSeen[i] = memory.samples;
  }

  #note(what: 'leftOut' | 'recycled', slot: Slot): void {
    const { memory } = this;
    if (memory.samples - memory.burst.last > burstGap) memory.burst = noBurst();
    const { burst } = memory;
    burst[what] += 1;
    burst.last = memory.samples;
    if (what === 'recycled') memory.recycled += 1;
    if (burst.examples.length < examplesMax) burst.examples.push(slotName(slot).slice(0, 64));
  }
}

const isThere = (x: readonly number[], empty: readonly number[], i: number): boolean => {
  const value = x[i]!;
  // What is missing is NaN or what stands in an empty x.
  return !Number.isNaN(value) && value !== empty[i];
};
