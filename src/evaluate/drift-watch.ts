import type { Memory, Update } from '../learn/learner.ts';
import type { StreamEvent } from '../stream/event.ts';
import type { Stateful } from '../stream/stateful.ts';
import type { Detector } from './detector.ts';

/** Options of {@link driftWatch}. */
export interface DriftWatchOptions {
  /** What the detector watches of an update. A number that is not finite is left out. Default: J. */
  readonly of?: (update: Update) => number;
}

/** Lets a detector watch updates, and tells of each alarm as an event. Its memory is the detector's. */
export const driftWatch = <M extends Memory>(
  detector: Detector<M>,
  { of = costOf }: DriftWatchOptions = {},
): Stateful<M, Update, StreamEvent | undefined> => ({
  name: `driftWatch(${detector.name})`,
  initial: () => detector.initial(),
  update(memory, update) {
    const value = of(update);
    if (!Number.isFinite(value) || detector.update(memory, value) !== 'alarm') return undefined;
    const { step } = update;
    const message = `${detector.name}: the stream has changed by sample ${step}`;
    return { kind: 'drift', step, message, detail: { detector: detector.name, value } };
  },
});

const costOf = ({ cost }: Update): number => cost;
