import type { Update } from '../../src/learn/learner.ts';

/** An update as `learn` would emit it. */
export const updateOf = (
  step: number,
  prediction: readonly number[],
  y: readonly number[],
  cost = 0.5,
): Update => ({ step, sample: { x: [0], y }, prediction, cost });

/** A sample that was only predicted. */
export const unlabelled = (step: number): Update => ({
  step,
  sample: { x: [0] },
  prediction: [0, 1],
  cost: Number.NaN,
});
