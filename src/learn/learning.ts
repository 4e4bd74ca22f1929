import type { Sample } from '../sources/sample.ts';
import { COST_MAX } from '../sources/sample-range.ts';
import { SampleError } from '../stream/rejection.ts';
import type { Stateful } from '../stream/stateful.ts';
import { weighing, withWeightOf } from './class-weights.ts';
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
  /** Samples learned when it happened. */
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
   * How much a labelled sample counts beside its own weight, such as that of its class. Scores are not
   * weighted by it. Default: as its own weight says.
   */
  readonly factorOf?: (sample: Sample) => number;
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
  { growing = false, copyEvery, rolledBack, factorOf }: LearningOptions = {},
): Stateful<LearningMemory, Sample, Update> => {
  if (copyEvery !== undefined && !(copyEvery >= 1))
    throw new RangeError(`copyEvery must be at least 1, not ${copyEvery}`);
  if (growing && !learner.grow) throw new TypeError('growing needs a learner with grow()');
  let lastGood: LastGood | undefined;
  /** After the latest sample. */
  let step = 0;
  const learnPlain: LearnOne = growing ? learnGrowing : learnFixed;
  const learnOne = factorOf === undefined ? learnPlain : weighted(learnPlain, factorOf);
  /** Learns a sample whose cost was not exact from the last good state. Apart, because it is rare. */
  const retry = (sample: Sample, good: LastGood): Update => {
    rolledBack?.next({ step, undone: good.restore() });
    const update = learnOne(learner, sample, step);
    if (isExact(update.cost)) return update;
    good.restore();
    throw new SampleError('value', `its cost is ${update.cost}; nothing was learned from it`);
  };
  return {
    name: 'learning',
    initial: () => ({ step: 0 }),
    update(memory, sample) {
      // Where others have trained it meanwhile, the copy would undo what they did.
      if (lastGood === undefined || memory.step !== step)
        lastGood = new LastGood(learner, copyEvery);
      step = memory.step;
      if (sample.forgotten) forget(learner, lastGood, sample.forgotten);
      let update = learnOne(learner, sample, step);
      if (sample.y === undefined) return update;
      if (!isExact(update.cost)) update = retry(sample, lastGood);
      step = update.step;
      memory.step = step;
      if (!lastGood.count()) rolledBack?.next({ step, undone: lastGood.restore() });
      return update;
    },
  };
};

type LearnOne = (learner: Learner, given: Sample, step: number) => Update;

/** Learns with other weights, and gives the sample back as it came: scores count it as its source does. */
const weighted =
  (learnOne: LearnOne, factorOf: (sample: Sample) => number): LearnOne =>
  (learner, given, step) => {
    if (given.y === undefined) return learnOne(learner, given, step);
    const update = learnOne(learner, weighing(given, factorOf(given)), step);
    const { prediction, cost } = update;
    return new LearnedUpdate(update.step, withWeightOf(update.sample, given), prediction, cost);
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

// Two functions, each small enough that V8 inlines what it calls: together they cost a fifth of a pipeline.

/** A sample, for a learner whose inputs and outputs stay as many as they are. */
const learnFixed: LearnOne = (learner, given, step) => {
  const { x, y, weight, classCount } = given;
  if (y === undefined) {
    return new LearnedUpdate(step, given, among(given, learner.predict(x)), Number.NaN);
  }
  if (weight !== undefined) checkWeight(weight);
  if (classCount !== undefined && bringsClass(learner, given)) {
    checkTargets(y);
    const prediction = among(given, learner.predict(x));
    return learnNewClass(learner, given, { prediction, step });
  }
  return learnKnown(learner, given, step);
};

/** A sample, for a learner that grows when the sample brings more inputs or outputs. */
const learnGrowing: LearnOne = (learner, given, step) => {
  const { x, y, weight } = given;
  if (y === undefined) {
    growFor(learner, given);
    return learnFixed(learner, given, step);
  }
  if (weight !== undefined) checkWeight(weight);
  if (bringsClass(learner, given)) {
    // Before it grows: a sample that is refused changes nothing.
    checkTargets(y);
    const seen = x.length > learner.inputCount ? firstOf(x, learner.inputCount) : x;
    const prediction = among(given, learner.predict(seen));
    return learnNewClass(learner, fitted(learner, given), { prediction, step });
  }
  return learnKnown(learner, fitted(learner, given), step);
};

/** A sample whose class, if it has one, the learner can name. */
const learnKnown: LearnOne = (learner, sample, step) => {
  const { x, y, weight } = sample;
  if (!learner.lastPrediction) {
    const prediction = among(sample, learner.predict(x));
    return new LearnedUpdate(step + 1, sample, prediction, learner.learn(x, y!, weight));
  }
  const cost = learner.learn(x, y!, weight);
  return new LearnedUpdate(step + 1, sample, among(sample, learner.lastPrediction()), cost);
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
const learnNewClass = (
  learner: Learner,
  sample: Sample,
  { prediction, step }: { readonly prediction: Float64Array; readonly step: number },
): Update => {
  const { x, y, weight } = sample;
  const cost = learner.learn(x, y!, weight);
  if (!isExact(cost)) return new LearnedUpdate(step + 1, sample, prediction, cost);
  return new LearnedUpdate(step + 1, sample, prediction, costOf(learner, prediction, y!));
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
