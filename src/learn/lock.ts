import type { Learner } from './learner.ts';

// On the learner, and under a name that every copy of this module shares: no two operators can
// train one learner at once, wherever they came from.
const lock = Symbol.for('rivulet.lock');

/**
 * Takes the learner's lock. Returns what gives it back, once. Throws where it is taken already.
 */
export const takeLock = (learner: Learner): (() => void) => {
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
