import { Observable, type OperatorFunction } from 'rxjs';
import { subscribeLinked } from './linked.ts';
import { type RejectionSink, SampleError } from './rejection.ts';
import type { Stateful } from './stateful.ts';

/** A part as it is run over a stream. */
export interface Stage<Memory, In, Out> {
  readonly part: Stateful<Memory, In, Out>;
  /** The memory to go on with, changed in place. Default: a new one for each subscriber. */
  readonly memory?: Memory | undefined;
  /** Where values go that the part refuses with a SampleError. Default: they are left out. */
  readonly rejected?: RejectionSink | undefined;
  /** Takes what one subscriber alone may have, before the source begins; returns what gives it back. */
  readonly hold?: () => () => void;
}

/**
 * The operator of a stage. Where it follows another stage the two become one operator, since the
 * way from one observer to the next costs more than what most stages do. Nobody can tell: each value
 * passes all stages before the next one comes either way.
 */
export const throughStage =
  <Memory, In, Out>(stage: Stage<Memory, In, Out>): OperatorFunction<In, Out> =>
  (source) =>
    source instanceof Staged
      ? new Staged<Out>(source.origin, [...source.stages, stage as AnyStage])
      : new Staged<Out>(source, [stage as AnyStage]);

type AnyStage = Stage<unknown, unknown, unknown>;

/** A stream behind one or more stages. */
class Staged<Out> extends Observable<Out> {
  readonly origin: Observable<unknown>;
  readonly stages: readonly AnyStage[];

  constructor(origin: Observable<unknown>, stages: readonly AnyStage[]) {
    super((subscriber) => {
      const release = holdAll(stages);
      subscriber.add(release);
      return subscribeLinked(origin, subscriber, {
        next: passage(stages, (out) => subscriber.next(out as Out)),
        // Before the notification: whoever hears it may subscribe again at once.
        ending: release,
      });
    });
    this.origin = origin;
    this.stages = stages;
  }
}

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

/** Takes a value through all stages, each with its memory, and gives on what comes out. */
const passage = (
  stages: readonly AnyStage[],
  emit: (out: unknown) => void,
): ((value: unknown) => void) => {
  const parts = stages.map(({ part }) => part);
  const memories = stages.map(({ memory, part }) => memory ?? part.initial());
  /** How many values each stage has kept from the next. */
  const kept = stages.map(() => 0);
  let count = 0;
  const refuse = (at: number, value: unknown, error: unknown): void => {
    if (!(error instanceof SampleError)) throw error;
    const index = kept.slice(0, at).reduce((left, refusals) => left - refusals, count - 1);
    kept[at]! += 1;
    stages[at]!.rejected?.next(error.at(index, value));
  };
  return (given) => {
    count += 1;
    let value = given;
    let at = 0;
    try {
      for (; at < parts.length; at += 1) value = parts[at]!.update(memories[at], value);
    } catch (error) {
      refuse(at, value, error);
      return;
    }
    emit(value);
  };
};
