import type { Learner, Memory } from '../learn/learner.ts';
import { MemoryError, memoryIn } from '../learn/memory-fields.ts';
import { misfitOf } from './memory-misfit.ts';

/** Throws a {@link MemoryError} where the stages of a pipeline remember other things than its own at first. */
export const refuseOtherStages = (stages: Memory, initial: Memory): void =>
  refuseMisfit(misfitOf(comparable(stages), comparable(initial), { isExample: true }));

/** Loads a learner. Throws where what was saved does not fit, and then nothing has changed. */
export const loadLearner = (learner: Learner, saved: Memory): void => {
  const before = learner.save();
  try {
    learner.load(saved);
    // What a learner does not look at would be lost in silence, such as an expert that it lacks.
    refuseMisfit(misfitOf(saved, learner.save()), 'learner/');
  } catch (error) {
    learner.load(before);
    throw error;
  }
};

/** A memory without some of its parts. */
export const without = (memory: Memory, names: readonly string[]): Memory =>
  Object.fromEntries(Object.entries(memory).filter(([name]) => !names.includes(name)));

/** The stages without their measures: one that a checkpoint does not know begins when it is resumed. */
const comparable = (stages: Memory): Memory => {
  const evaluated = without(memoryIn(stages, 'evaluation'), ['metrics', 'baseline', 'tables']);
  return { ...stages, evaluation: evaluated } as unknown as Memory;
};

const refuseMisfit = (misfit: string | undefined, prefix = ''): void => {
  if (misfit !== undefined) throw new MemoryError(`${prefix}${misfit}`);
};
