import type { Sample } from '../sources/sample.ts';
import { COST_MAX } from '../sources/sample-range.ts';
import { SampleError } from '../stream/rejection.ts';
import type { Stateful } from '../stream/stateful.ts';
import { LastGood } from './last-good.ts';
import type { Learner, Update } from './learner.ts';
import { costOf } from './prediction-cost.ts';
import { checkTargets, checkWeight, labelOf } from './targets.ts';

/** What learning remembers beside the learner itself. */
export interface LearningMemory {
  /** Samples learned. */
  step: number;
}

/** That a learner was put back to its last good state. */
export interface Rollback {
  readonly step: number;
  /** How many samples' learning was undone. */
  readonly undone: number;
}

/** Options of {@link learning}. */
export interface LearningOptions {
  /**
   * Fit learner and sample to each other where classes and features appear as they come: the learner
   * grows when a sample brings more inputs or outputs, and the outputs that a sample does not know
   * yet are 0 in its y. Default false: such a sample is refused.
   */
  readonly growing?: boolean;
  /**
   * Samples between two copies of the learner to roll back to: ≥ 1. Default 1,000, or more for a
   * large learner: a 16th of the numbers that it remembers.
   */
  readonly copyEvery?: number;
  /**
   * Told when the learner was no longer finite, in its costs or anywhere in its memory, and its last good
   * state is back.
   */
  readonly rolledBack?: { next(rollback: Rollback): void };
}

/**
 * Predicts each sample, then learns from it. A class that appears for the first time is predicted by
 * the learner as it was before, so that it is a mistake, and costs what {@link costOf} says. A sample that the learner refuses is a SampleError,
 * and nothing has changed. Where the cost of a good sample is not finite, or beyond 1e35, the weights are
 * not either: the learner goes back to its last good state, and learns the sample from there.
 */
export const learning = (
  learner: Learner,
  { growing = false, copyEvery, rolledBack }: LearningOptions = {},
): Stateful<LearningMemory, Sample, Update> => {
  if (copyEvery !== undefined && !(copyEvery >= 1))
    throw new RangeError(`copyEvery must be at least 1, not ${copyEvery}`);
  if (growing && !learner.grow) throw new TypeError('growing needs a learner with grow()');
  let lastGood: LastGood | undefined;
  /** After the latest sample. */
  let step = 0;
  return {
    name: 'learning',
    initial: () => ({ step: 0 }),
    update(memory, sample) {
      // Where others have trained it meanwhile, the copy would undo what they did.
      if (lastGood === undefined || memory.step !== step)
        lastGood = new LastGood(learner, copyEvery);
      step = memory.step;
      if (sample.forgotten) forget(learner, lastGood, sample.forgotten);
      let update = learnOne(learner, { step, growing }, sample);
      if (sample.y === undefined) return update;
      if (!isExact(update.cost)) {
        rolledBack?.next({ step, undone: lastGood.restore() });
        update = learnOne(learner, { step, growing }, sample);
        if (!isExact(update.cost)) {
          lastGood.restore();
          throw new SampleError('value', `its cost is ${update.cost}; nothing was learned from it`);
        }
      }
      memory.step = update.step;
      step = update.step;
      if (!lastGood.count()) {
        rolledBack?.next({ step, undone: lastGood.restore() });
      }
      return update;
    },
  };
};

const forget = (learner: Learner, lastGood: LastGood, inputs: readonly number[]): void => {
  if (!learner.forget)
    throw new TypeError('a sample has forgotten inputs: that needs a learner with forget()');
  const known = inputs.filter((input) => input < learner.inputCount);
  learner.forget(known);
  lastGood.forget(known);
};

/** Whether a cost lies within the range of costs: NaN does not. */
const isExact = (cost: number): boolean => cost <= COST_MAX && cost >= -COST_MAX;

interface Before {
  readonly step: number;
  readonly growing: boolean;
}

const learnOne = (learner: Learner, { step, growing }: Before, given: Sample): Update => {
  const { x, y, weight } = given;
  if (y === undefined) {
    if (growing) growFor(learner, given);
    return new LearnedUpdate(step, given, among(given, learner.predict(x)), Number.NaN);
  }
  if (weight !== undefined) checkWeight(weight);
  if (bringsClass(learner, given)) return learnNewClass(learner, { step, growing }, given);
  const sample = growing ? fitted(learner, given) : given;
  if (!learner.lastPrediction) {
    const prediction = among(given, learner.predict(x));
    return new LearnedUpdate(step + 1, sample, prediction, learner.learn(x, sample.y!, weight));
  }
  const cost = learner.learn(x, sample.y!, weight);
  return new LearnedUpdate(step + 1, sample, among(given, learner.lastPrediction()), cost);
};

/** Whether y is a class that is not among the known ones, or one for which the learner has no output. */
const bringsClass = (learner: Learner, { y, classCount }: Sample): boolean => {
  if (y!.length > learner.outputCount) return true;
  return classCount !== undefined && y!.length > classCount && labelOf(y!) >= classCount;
};

/**
 * A class that appears for the first time: it is predicted and costed by the learner as it was, which
 * cannot name it, and only then does the learner grow for it. Predicting apart costs more, but is rare.
 */
const learnNewClass = (learner: Learner, { step, growing }: Before, given: Sample): Update => {
  const { x, y, weight } = given;
  // Before it grows: a sample that is refused changes nothing.
  checkTargets(y!);
  const seen = growing && x.length > learner.inputCount ? firstOf(x, learner.inputCount) : x;
  const prediction = among(given, learner.predict(seen));
  const sample = growing ? fitted(learner, given) : given;
  const cost = learner.learn(x, sample.y!, weight);
  if (!isExact(cost)) return new LearnedUpdate(step + 1, sample, prediction, cost);
  const honest = costOf(learner, prediction, sample.y!);
  return new LearnedUpdate(step + 1, sample, prediction, honest);
};

/** The part of a prediction that covers the classes known before the sample. */
const among = <Values extends Float64Array | number[]>(
  { classCount }: Sample,
  prediction: Values,
): Values =>
  classCount !== undefined && classCount < prediction.length
    ? (prediction.slice(0, classCount) as Values)
    : prediction;

const firstOf = (values: ArrayLike<number>, count: number): number[] =>
  Array.from({ length: count }, (_, i) => values[i]!);

const growFor = (learner: Learner, { x, y }: Sample): void => {
  const outputCount = y?.length ?? 0;
  if (x.length <= learner.inputCount && outputCount <= learner.outputCount) return;
  learner.grow?.(
    Math.max(x.length, learner.inputCount),
    Math.max(outputCount, learner.outputCount),
  );
};

const fitted = (learner: Learner, sample: Sample): Sample => {
  growFor(learner, sample);
  const { y } = sample;
  if (y === undefined || y.length === learner.outputCount) return sample;
  const padded = new Float64Array(learner.outputCount);
  padded.set(y);
  return { ...sample, y: padded };
};

/** Of a class, as MadeExample is: the updates of a burst are alive at once. */
class LearnedUpdate implements Update {
  readonly step: number;
  readonly sample: Sample;
  readonly prediction: ArrayLike<number>;
  readonly cost: number;

  constructor(step: number, sample: Sample, prediction: ArrayLike<number>, cost: number) {
    this.step = step;
    this.sample = sample;
    this.prediction = prediction;
    this.cost = cost;
  }
}
