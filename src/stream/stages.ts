import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { atEndOfBurst } from './burst.ts';
import { subscribeLinked } from './linked.ts';
import { type RejectionSink, SampleError, UnhandledRejectionError } from './rejection.ts';
import type { Stateful } from './stateful.ts';

/** A part with its memory and who hears of what it refuses. */
interface PassageStage<Memory, In, Out> {
  readonly part: Stateful<Memory, In, Out>;
  /** The memory to resume with, changed in place. Default: a new one. */
  readonly memory?: Memory | undefined;
  /**
   * Where values go that the part rejects with a SampleError. Default: none, and a rejection ends the
   * stream with an {@link UnhandledRejectionError}.
   */
  readonly rejected?: RejectionSink | undefined;
}

/** The way of values through stages, each with its memory. */
class Passage {
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
   * Passes values through all stages, all of them through one stage before the next. If a stage fails, the
   * values before the failure reach the end, as they would have one by one; then it throws. The array is
   * consumed.
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

/** The largest number of values that are processed together: what they carry must fit into the cache. */
const gatheredMax = 32;

/** Gathers the values of a burst and emits them together. A single value is emitted at once. */
class Gathering<Value> {
  readonly #take: (values: Value[]) => void;
  #values: Value[] = [];
  #isTaking = false;
  readonly #afterwards: (() => void)[] = [];
  readonly #flush = (): void => this.flush();

  /** `take` uses the array up; it must not throw. */
  constructor(take: (values: Value[]) => void) {
    this.#take = take;
  }

  add(value: Value): void {
    const count = this.#values.push(value);
    if (count === gatheredMax || (count === 1 && !atEndOfBurst(this.#flush))) this.flush();
  }

  /** Emits the gathered values, after those that are being processed. */
  flush(): void {
    if (this.#isTaking) return;
    this.#isTaking = true;
    while (this.#values.length > 0) {
      const values = this.#values;
      this.#values = [];
      this.#take(values);
    }
    this.#isTaking = false;
    for (const task of this.#afterwards.splice(0)) task();
  }

  /** Forgets what has been gathered. */
  clear(): void {
    this.#values = [];
  }

  /** Runs a task after all gathered values have been processed. */
  afterwards(task: () => void): void {
    this.#afterwards.push(task);
    this.flush();
  }
}

/** A part as it is run over a stream. */
export interface Stage<Memory, In, Out> extends PassageStage<Memory, In, Out> {
  /** Takes what one subscriber alone may have, before the source begins; returns what gives it back. */
  readonly hold?: () => () => void;
}

/**
 * The operator of a stage. Where it follows another stage the two become one operator, since the
 * way from one observer to the next costs more than what most stages do. Nobody can tell: each value
 * passes all stages before the next one comes either way, unless they are {@link gathered}.
 */
export const throughStage =
  <Memory, In, Out>(stage: Stage<Memory, In, Out>): OperatorFunction<In, Out> =>
  (source) =>
    source instanceof Staged
      ? new Staged<Out>(source.origin, [...source.stages, stage as AnyStage], source.look)
      : new Staged<Out>(source, [stage as AnyStage]);

/**
 * Lets the following stages process the values of a burst together, stage by stage: the code and the
 * memory of a stage stay in the cache meanwhile, which saves a tenth of the default learner's whole
 * stream. The output is the same, in the same order; but when a value is emitted, earlier stages may have
 * processed some of the values after it. Code that reads the memory of a stage during a burst must first
 * call `look.flush()`. Gathered values are processed even if their subscription ends in the middle of a
 * burst.
 */
export const gathered = <Value>(
  source: Observable<Value>,
  look: GatheredLook = { flush: nothing, push: undefined },
): Observable<Value> => new Staged<Value>(source, [], look);

/** Of {@link gathered}. */
export interface GatheredLook {
  /** Has the stages take all that has been gathered for them. Set by each subscription. */
  flush: () => void;
  /** Adds a value to those of the source. Absent while there is no subscription. */
  push: ((value: never) => void) | undefined;
}

const nothing = (): void => {};

type AnyStage = Stage<unknown, unknown, unknown>;

/** A stream behind one or more stages; where there is a look, they take values many at a time. */
class Staged<Out> extends Observable<Out> {
  readonly origin: Observable<unknown>;
  readonly stages: readonly AnyStage[];
  readonly look: GatheredLook | undefined;

  constructor(origin: Observable<unknown>, stages: readonly AnyStage[], look?: GatheredLook) {
    super((subscriber) => {
      const release = holdAll(stages);
      const passage = new Passage(stages, (out) => subscriber.next(out as Out));
      return look
        ? subscribeGathered(origin, subscriber, { passage, release, look })
        : subscribeOneByOne(origin, subscriber, { passage, release });
    });
    this.origin = origin;
    this.stages = stages;
    this.look = look;
  }
}

interface Way {
  readonly passage: Passage;
  /** Releases what the stages hold, before the end is emitted: an observer of it may subscribe again. */
  readonly release: () => void;
}

const subscribeOneByOne = <Out>(
  origin: Observable<unknown>,
  subscriber: Subscriber<Out>,
  { passage, release }: Way,
): Subscriber<unknown> => {
  subscriber.add(release);
  return subscribeLinked(origin, subscriber, {
    next: (value) => passage.take(value),
    ending(passOn) {
      release();
      passOn();
    },
  });
};

const subscribeGathered = <Out>(
  origin: Observable<unknown>,
  subscriber: Subscriber<Out>,
  { passage, release, look }: Way & { readonly look: GatheredLook },
): Subscriber<unknown> => {
  const gathering = new Gathering((values: unknown[]) => {
    try {
      passage.takeAll(values);
    } catch (error) {
      gathering.clear();
      release();
      subscriber.error(error);
    }
  });
  const flush = (): void => gathering.flush();
  look.flush = flush;
  look.push = (value) => gathering.add(value);
  // The end is emitted after all values have been processed: only then has everything been learned.
  subscriber.add(() =>
    gathering.afterwards(() => {
      release();
      if (look.flush !== flush) return;
      look.flush = nothing;
      look.push = undefined;
    }),
  );
  return subscribeLinked(origin, subscriber, {
    next: (value) => gathering.add(value),
    ending: (passOn) =>
      gathering.afterwards(() => {
        release();
        passOn();
      }),
  });
};

const holdAll = (stages: readonly AnyStage[]): (() => void) => {
  const held: (() => void)[] = [];
  const release = (): void => {
    for (const giveBack of held.splice(0)) giveBack();
  };
  try {
    for (const { hold } of stages) if (hold) held.push(hold());
  } catch (error) {
    release();
    throw error;
  }
  return release;
};
