/** How often inputs without a slot were seen: the latest 4,096 of them, each by a hash. */
export type CandidatesMemory = {
  readonly hashes: number[];
  readonly counts: number[];
  next: number;
};

/** No candidates. */
export const initialCandidates = (): CandidatesMemory => ({
  hashes: [],
  counts: [],
  next: 0,
});

/** The oldest is forgotten for a new one beyond so many. */
const candidatesMax = 4_096;

/** Counts of what has no slot. A count of 0 is an empty place. */
export class Candidates {
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
