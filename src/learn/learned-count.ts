import type { Learner } from './learner.ts';
import type { LearningMemory } from './learning.ts';

// On the learner, as its lock is: it owns its weights, and what is counted belongs to them.
const counted = Symbol.for('rivulet.learned');

type Counted = Learner & { [counted]?: LearningMemory };

/** How many samples a learner has learned through operators, whichever: one memory for all of them. */
export const learnedBy = (learner: Learner): LearningMemory => {
  const { [counted]: known } = learner as Counted;
  return known ?? countOn(learner, { step: 0 });
};

/** Counts what a learner learns in this memory from now on. */
export const countOn = (learner: Learner, memory: LearningMemory): LearningMemory => {
  Object.defineProperty(learner, counted, { value: memory, configurable: true, writable: true });
  return memory;
};
