import type { Memory } from '../learn/learner.ts';
import type { Measure, Outcome } from './metric.ts';

/** The memories of measures by the measures' names. */
export type Memories = Record<string, Memory>;

/** Measures with names, fed together. It remembers nothing: memories are given with each call. */
export class MeasureSet<Value> {
  readonly isEmpty: boolean;
  /** Whether all look at classes and weights alone. */
  readonly isOfClasses: boolean;
  readonly #names: readonly string[];
  readonly #measures: readonly Measure<Memory, Value>[];
  /** The memories in the order of the measures: found once, not for each sample. */
  #newest: Found = { of: {}, inOrder: [] };
  /** A second one, since a group is fed in turns: with its own memories and the baseline's. */
  #other: Found = this.#newest;

  constructor(measures: Readonly<Record<string, Measure<Memory, Value>>>) {
    this.#names = Object.keys(measures);
    this.#measures = Object.values(measures);
    this.isEmpty = this.#measures.length === 0;
    this.isOfClasses = this.#measures.every(({ isOfClasses }) => isOfClasses);
  }

  initial(): Memories {
    return Object.fromEntries(this.#names.map((name, i) => [name, this.#measures[i]!.initial()]));
  }

  update(memories: Memories, seen: Outcome): void {
    if (this.isEmpty) return;
    const inOrder = this.#inOrder(memories);
    for (let i = 0; i < inOrder.length; i += 1) this.#measures[i]!.update(inOrder[i]!, seen);
  }

  scale(memories: Memories, factor: number): void {
    const inOrder = this.#inOrder(memories);
    for (let i = 0; i < inOrder.length; i += 1) this.#measures[i]!.scale?.(inOrder[i]!, factor);
  }

  values(memories: Memories): Record<string, Value> {
    const inOrder = this.#inOrder(memories);
    return Object.fromEntries(
      this.#names.map((name, i) => [name, this.#measures[i]!.value(inOrder[i]!)]),
    );
  }

  /** A measure that restored memories do not know begins now. */
  #inOrder(memories: Memories): readonly Memory[] {
    if (this.#newest.of === memories) return this.#newest.inOrder;
    if (this.#other.of === memories) return this.#other.inOrder;
    const inOrder = this.#names.map((name, i) => {
      memories[name] ??= this.#measures[i]!.initial();
      return memories[name];
    });
    this.#other = this.#newest;
    this.#newest = { of: memories, inOrder };
    return inOrder;
  }
}

interface Found {
  readonly of: Memories;
  readonly inOrder: readonly Memory[];
}
