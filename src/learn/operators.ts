import { map, type OperatorFunction } from 'rxjs';
import type { Sample } from '../sources/sample.ts';
import { SampleError } from '../stream/rejection.ts';
import { type RunOptions, run } from '../stream/run.ts';
import { throughStage } from '../stream/stages.ts';
import type { Stateful } from '../stream/stateful.ts';
import type { Learner, Update } from './learner.ts';
import { type LearningMemory, type LearningOptions, learning } from './learning.ts';
import type { Network } from './network.ts';
import type { BackwardPass, ForwardPass } from './passes.ts';

// On the learner, and under a name that every copy of this module shares: no two operators can
// train one learner at once, wherever they came from.
const lock = Symbol.for('rivulet.lock');

/**
 * Acquires the learner's lock. Returns the function that releases it, once. Throws if it is held already.
 */
const takeLock = (learner: Learner): (() => void) => {
  const lockable = learner as Learner & { [lock]?: object | undefined };
  if (lockable[lock]) {
    throw new Error(
      'this learner is being trained by another subscription; share() the updates of that one',
    );
  }
  const mine = {};
  lockable[lock] = mine;
  return () => {
    // Once given back it may be another's. Deleted, the property would make V8 keep the learner as a
    // dictionary, whose every field is then read more slowly: a fifth of a pipeline's time.
    if (lockable[lock] === mine) lockable[lock] = undefined;
  };
};

// On the learner, as its lock is: it owns its weights, and what is counted belongs to them.
const counted = Symbol.for('rivulet.learned');

type Counted = Learner & { [counted]?: LearningMemory };

/** How many samples a learner has learned through operators, whichever: one memory for all of them. */
const learnedBy = (learner: Learner): LearningMemory => {
  const { [counted]: known } = learner as Counted;
  return known ?? countOn(learner, { step: 0 });
};

/** Counts what a learner learns in this memory from now on. */
const countOn = (learner: Learner, memory: LearningMemory): LearningMemory => {
  Object.defineProperty(learner, counted, { value: memory, configurable: true, writable: true });
  return memory;
};

/** A sample with every z and h of its forward pass. */
export interface Forwarded extends ForwardPass {
  /** The sample that was passed forward. */
  readonly sample: Sample;
}

/** A sample with every z, h, δ and gradient, before its update. */
export interface Backpropagated extends Forwarded, BackwardPass {}

/** Options of {@link learn}. */
export interface LearnOptions extends LearningOptions, RunOptions<LearningMemory> {}

/** The forward pass of each sample: every z and h. Needs a network on the reference engine. */
export const forward = (
  network: Network,
  options: RunOptions<null> = {},
): OperatorFunction<Sample, Forwarded> =>
  run(
    {
      name: 'forward',
      initial: () => null,
      update: (_memory, sample) => ({ sample, ...network.forward(sample.x) }),
    },
    options,
  );

/**
 * Backpropagation of each sample: J, every δ and every gradient, with the weights from before its
 * update. A sample without y is refused. Needs a network on the reference engine.
 */
export const backprop = (
  network: Network,
  options: RunOptions<null> = {},
): OperatorFunction<Forwarded, Backpropagated> =>
  run(
    {
      name: 'backprop',
      initial: () => null,
      update(_memory, forwarded) {
        const { y } = forwarded.sample;
        if (y === undefined)
          throw new SampleError('label', 'without y there is no error to send back');
        return { ...forwarded, ...network.backprop(forwarded, y) };
      },
    },
    options,
  );

/**
 * The update that ends what forward and backprop began. The three of them end in the same bits as
 * {@link learn} alone. Holds the network's lock like it.
 */
export const descend = (
  network: Network,
  options: RunOptions<LearningMemory> = {},
): OperatorFunction<Backpropagated, Update> => {
  const part: Stateful<LearningMemory, Backpropagated, Update> = {
    name: 'descend',
    initial: () => ({ step: 0 }),
    update(memory, value) {
      const { sample, h, cost } = value;
      network.descend(value, value, sample.weight);
      memory.step += 1;
      return { step: memory.step, sample, prediction: Array.from(h.at(-1)!), cost };
    },
  };
  return training(network, part, options);
};

/**
 * Predicts each sample, then learns from it: forward, backprop and descend in one. The learner owns
 * its weights: a new subscription resumes where the last one ended, and a second one at the same time
 * gets an error. Bad samples go to `rejected`; without it the first one ends the stream with an error
 * that names it.
 */
export const learn = (
  learner: Learner,
  { memory, rejected, ...options }: LearnOptions = {},
): OperatorFunction<Sample, Update> =>
  training(learner, learning(learner, options), {
    ...(memory && { memory }),
    ...(rejected && { rejected }),
  });

/** The prediction of each sample, with nothing learned. Needs no lock. */
export const predict = (learner: Learner): OperatorFunction<Sample, Float64Array> =>
  map((sample) => learner.predict(sample.x));

/** Runs a part that trains a learner, with its lock held for as long as the subscription lasts. */
const training = <In>(
  learner: Learner,
  part: Stateful<LearningMemory, In, Update>,
  { memory, rejected }: RunOptions<LearningMemory>,
): OperatorFunction<In, Update> => {
  const hold = (): (() => void) => {
    const release = takeLock(learner);
    if (memory) countOn(learner, memory);
    return release;
  };
  // Like the weights, the count of samples is the learner's: no operator begins it again.
  const counting = { ...part, initial: () => learnedBy(learner) };
  return throughStage({ part: counting, memory, rejected, hold });
};
