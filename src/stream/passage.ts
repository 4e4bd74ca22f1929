import { type RejectionSink, SampleError, UnhandledRejectionError } from './rejection.ts';
import type { Stateful } from './stateful.ts';

/** A part with its memory and who hears of what it refuses. */
export interface PassageStage<Memory, In, Out> {
  readonly part: Stateful<Memory, In, Out>;
  /** The memory to go on with, changed in place. Default: a new one. */
  readonly memory?: Memory | undefined;
  /**
   * Where values go that the part rejects with a SampleError. Default: none, and a rejection ends the
   * stream with an {@link UnhandledRejectionError}.
   */
  readonly rejected?: RejectionSink | undefined;
}

type AnyStage = PassageStage<unknown, unknown, unknown>;

/** The way of values through stages, each with its memory. */
export class Passage {
  readonly #stages: readonly AnyStage[];
  readonly #parts: readonly Stateful<unknown, unknown, unknown>[];
  readonly #memories: readonly unknown[];
  readonly #emit: (out: unknown) => void;
  /** How many values each stage has kept from the next. */
  readonly #kept: number[];
  #count = 0;

  /** What comes out of the last stage goes to `emit`. */
  constructor(stages: readonly AnyStage[], emit: (out: unknown) => void) {
    this.#stages = stages;
    this.#parts = stages.map(({ part }) => part);
    this.#memories = stages.map(({ memory, part }) => memory ?? part.initial());
    this.#emit = emit;
    this.#kept = stages.map(() => 0);
  }

  /** Takes a value through all stages. */
  take(given: unknown): void {
    const parts = this.#parts;
    this.#count += 1;
    let value = given;
    let at = 0;
    try {
      for (; at < parts.length; at += 1) value = parts[at]!.update(this.#memories[at], value);
    } catch (error) {
      this.#refuse({ at, index: this.#reached(at) - 1, value, error });
      return;
    }
    this.#emit(value);
  }

  /**
   * Takes values through all stages, all of them through one before the next. Where a stage fails, what
   * came before goes on to the end, as it would have one by one; then it throws. The array is used up.
   */
  takeAll(values: unknown[]): void {
    this.#count += values.length;
    let failure: { readonly error: unknown } | undefined;
    for (let at = 0; at < this.#parts.length; at += 1) {
      try {
        this.#takeThrough(at, values);
      } catch (error) {
        failure = { error };
      }
    }
    for (const value of values) this.#emit(value);
    if (failure) throw failure.error;
  }

  /** Leaves in `values` what comes out of a stage: of all, or of those before the one at which it fails. */
  #takeThrough(at: number, values: unknown[]): void {
    const part = this.#parts[at]!;
    const memory = this.#memories[at];
    const first = this.#reached(at) - values.length;
    let passed = 0;
    try {
      for (let i = 0; i < values.length; i += 1) {
        const value = values[i];
        try {
          values[passed] = part.update(memory, value);
          passed += 1;
        } catch (error) {
          this.#refuse({ at, index: first + i, value, error });
        }
      }
    } finally {
      // A call into V8's runtime, also where nothing is cut off.
      if (passed < values.length) values.length = passed;
    }
  }

  /** How many values have come as far as a stage. */
  #reached(at: number): number {
    let count = this.#count;
    for (let i = 0; i < at; i += 1) count -= this.#kept[i]!;
    return count;
  }

  #refuse({ at, index, value, error }: Refusal): void {
    if (!(error instanceof SampleError)) throw error;
    this.#kept[at]! += 1;
    const { rejected, part } = this.#stages[at]!;
    const rejection = error.at(index, value);
    if (!rejected) throw new UnhandledRejectionError(rejection, part.name);
    rejected.next(rejection);
  }
}

/** That a stage has thrown. */
interface Refusal {
  readonly at: number;
  /** The position of the value among those that have come to the stage. */
  readonly index: number;
  readonly value: unknown;
  readonly error: unknown;
}
