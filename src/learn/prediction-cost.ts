import { log } from '../math/log.ts';
import type { Learner } from './learner.ts';
import { halfSquaredError } from './losses/half-squared-error.ts';

/**
 * The least probability that a cost distinguishes from 0: −ln p is at most 34.5. A class that no
 * prediction could name, since it had not appeared yet, costs that much.
 */
export const PROBABILITY_MIN = 1e-15;

/** −ln p, with p at least {@link PROBABILITY_MIN}. */
export const logCost = (probability: number): number =>
  -log(Math.max(probability, PROBABILITY_MIN));

/**
 * J of a prediction by a learner's own loss: half the squared error where the learner has no `costOf`.
 * A prediction that is shorter than y covers fewer classes: it gave 0 to the others.
 */
export const costOf = (
  learner: Learner,
  prediction: ArrayLike<number>,
  y: ArrayLike<number>,
): number =>
  learner.costOf
    ? learner.costOf(prediction, y)
    : halfSquaredError.cost(lengthened(prediction, y.length), y);

/** A prediction with 0 for the outputs that it lacks. */
export const lengthened = (prediction: ArrayLike<number>, length: number): ArrayLike<number> => {
  if (prediction.length >= length) return prediction;
  const longer = new Float64Array(length);
  longer.set(prediction);
  return longer;
};
