import { Observable, type OperatorFunction } from 'rxjs';
import { Gathering } from './gathering.ts';
import { guarded, subscribeLinked } from './linked.ts';
import { Passage, type PassageStage } from './passage.ts';

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
      ? new Staged<Out>(source.origin, [...source.stages, stage as AnyStage], source.isGathered)
      : new Staged<Out>(source, [stage as AnyStage], false);

/**
 * Lets the stages that follow take values many at a time, stage by stage, where they come in a burst:
 * the code and the memory of a stage stay in the cache meanwhile, which is worth a tenth of the default
 * learner's whole stream. What comes out is the same and in the same order; but when a value comes out,
 * the stages before may have taken some of those that follow it. So it is for streams of which nobody
 * looks at a stage while a burst is under way. Unsubscribing in the middle of one loses what was
 * gathered.
 */
export const gathered = <Value>(source: Observable<Value>): Observable<Value> =>
  new Staged<Value>(source, [], true);

type AnyStage = Stage<unknown, unknown, unknown>;

/** A stream behind one or more stages. */
class Staged<Out> extends Observable<Out> {
  readonly origin: Observable<unknown>;
  readonly stages: readonly AnyStage[];
  readonly isGathered: boolean;

  constructor(origin: Observable<unknown>, stages: readonly AnyStage[], isGathered: boolean) {
    super((subscriber) => {
      const release = holdAll(stages);
      subscriber.add(release);
      const passage = new Passage(stages, (out) => subscriber.next(out as Out));
      if (!isGathered) {
        // Before the notification: whoever hears it may subscribe again at once.
        return subscribeLinked(origin, subscriber, {
          next: (value) => passage.take(value),
          ending: release,
        });
      }
      const gathering = new Gathering(
        guarded((values: unknown[]) => passage.takeAll(values), subscriber),
      );
      subscriber.add(() => gathering.clear());
      return subscribeLinked(origin, subscriber, {
        next: (value) => gathering.add(value),
        ending() {
          gathering.flush();
          release();
        },
      });
    });
    this.origin = origin;
    this.stages = stages;
    this.isGathered = isGathered;
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
